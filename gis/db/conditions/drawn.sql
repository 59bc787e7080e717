-- purpose  Condition over a case: its number belongs to a sample of so many in a hundred.
-- params   percent int
-- note     The first four bytes of the SHA-256 of the number, as gis.cases.evidence.draw.in_sample draws
--          for a case at hand; tests compare both.
mod(CAST(CAST('x' || encode(substring(sha256(convert_to({row}.number, 'UTF8')) FROM 1 FOR 4), 'hex')
              AS bit(32)) AS bigint), 100) < :percent
