/// Workloads that roll when a ConfigMap or Secret that they name changes, if they say that they
/// want that: with the annotations that Reloader has made known.
package dev.tiphys.controllers.reload;
