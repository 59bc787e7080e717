"""Two small controls that leave the page: Streamlit's own links open a new tab or only GET."""

import streamlit as st

_STYLE = """
button, a { display: block; width: 100%; box-sizing: border-box; padding: 0.5rem 1rem;
  text-align: center; text-decoration: none; cursor: pointer; font: inherit;
  font-family: var(--st-font); color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
a { color: #fff; background: var(--st-primary-color); border-color: var(--st-primary-color); }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
"""

_SIGN_OUT = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector('button');
  button.textContent = data.label;
  button.onclick = async () => {
    button.disabled = true;
    await fetch('/auth/sign-out', { method: 'POST', redirect: 'manual' });
    window.location.assign('/auth/sign-in');
  };
}
"""

_SIGN_IN = """
export default function ({ data, parentElement }) {
  const link = parentElement.querySelector('a');
  link.textContent = data.label;
  const here = window.location.pathname + window.location.search;
  link.href = '/auth/sign-in?next=' + encodeURIComponent(here);
}
"""


def sign_out_button(label: str) -> None:
    """A button that ends the session and leaves."""
    st.components.v2.component(
        "wanmi_sign_out", html="<button></button>", css=_STYLE, js=_SIGN_OUT
    )(data={"label": label}, key="shell.sign_out")


def sign_in_link(label: str) -> None:
    """A link to the sign-in page that comes back here."""
    st.components.v2.component("wanmi_sign_in", html="<a></a>", css=_STYLE, js=_SIGN_IN)(
        data={"label": label}, key="shell.sign_in"
    )
