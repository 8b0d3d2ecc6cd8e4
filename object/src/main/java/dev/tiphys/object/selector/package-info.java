/// Label selectors and field selectors: which objects a list, a watch or a controller means.
package dev.tiphys.object.selector;
