"""
The working calendar and the working-time clock (计时): deadlines that explain themselves.

Units: urgent hour (紧急工作时), urgent day (紧急工作日) and calendar day (自然日)
run without stop; working hour (工作时) and working day (工作日) run only inside
the sessions of workdays, legal holidays out, moved workdays (调休) in.
"""
