"""How is the documentation built? Markdown and what `generate.py` writes from the code, as plain pages of our own."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generate  # noqa: E402

if not tags.has("committed"):  # type: ignore[name-defined]  # noqa: F821  Sphinx puts it here
    generate.write()

project = "Leadwell"
author = "The Leadwell authors"

language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "generating"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline", "attrs_block"]
myst_heading_anchors = 4
smartquotes = False
nitpicky = True
pygments_style = "friendly"
pygments_dark_style = "native"

html_theme = "furo"
html_title = "Leadwell"
html_static_path = ["_static"]
html_css_files = ["leadwell.css"]
html_favicon = "_static/mark.svg"
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {
        "font-stack": '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
        "font-stack--monospace": 'ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, monospace',
        "color-brand-primary": "#2748b6",
        "color-brand-content": "#2748b6",
        "color-brand-visited": "#5a3fa0",
        "color-background-primary": "#ffffff",
        "color-background-secondary": "#f7f6f3",
        "color-background-border": "#e5e2db",
        "color-foreground-primary": "#1c1b19",
        "color-foreground-secondary": "#4d4a44",
        "color-foreground-muted": "#68645c",
        "color-inline-code-background": "#f1efea",
    },
    "dark_css_variables": {
        "color-brand-primary": "#a6b9ff",
        "color-brand-content": "#a6b9ff",
        "color-brand-visited": "#c9b4ff",
        "color-background-primary": "#16171b",
        "color-background-secondary": "#121316",
        "color-background-border": "#2d2f35",
        "color-foreground-primary": "#efeeeb",
        "color-foreground-secondary": "#bfbdb8",
        "color-foreground-muted": "#9a9892",
        "color-inline-code-background": "#24262c",
    },
}
