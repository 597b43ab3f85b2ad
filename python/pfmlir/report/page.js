// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The page, from the answer down to what it leaves out.

document.getElementById("page").replaceChildren(...[
  answer(), timelineSection(), billSection(), layersSection(), pointsSection(), loadsSection(), memoriesSection(), limitsSection(),
  el("footer", {}, `Made by pfmlir ${data.version}. All of it is in this file, which loads nothing.`),
].filter(Boolean));
