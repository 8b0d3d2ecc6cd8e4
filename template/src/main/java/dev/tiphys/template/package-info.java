/// Text templates: parsed once, executed over data any number of times.
package dev.tiphys.template;
