# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule, or several side by side, as one page of HTML that needs nothing else.

`page` puts the page together; `content` says in numbers and texts what is on it, of
what answers know, and `hardware` of what the schedule's target says. The rest is drawn
by the page itself: `page.css`, and the scripts in the order of `page.SCRIPTS`.
"""

from .page import render_report

__all__ = ["render_report"]
