package dev.tiphys.template.exec;

/// An element of a container of any values. Messages name its type as the container declares it.
record Boxed(Object value) {}
