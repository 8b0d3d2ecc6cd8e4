package dev.tiphys.template.value;

/// An element of a container of any values. Messages name its type as the container declares it,
/// and `slice` refuses it.
public record Boxed(Object value) {}
