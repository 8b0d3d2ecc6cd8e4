package dev.tiphys.http;

/// A header field of a response.
///
/// @param name its name, in any case
/// @param value its value
public record Header(String name, String value) {}
