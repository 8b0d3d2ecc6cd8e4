package dev.tiphys.secrets.kept;

import java.util.List;
import java.util.Map;

/// What a Secret is to have of an ExternalSecret.
///
/// @param type empty for the usual one
/// @param data its values
public record Rendered(
    String type,
    Map<String, byte[]> data,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> finalizers) {}
