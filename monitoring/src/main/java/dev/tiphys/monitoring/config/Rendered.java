package dev.tiphys.monitoring.config;

import java.nio.file.Path;
import java.util.Map;

/// A configuration of a Prometheus.
///
/// @param text of its main file
/// @param files those that it names, with their content
public record Rendered(String text, Map<Path, byte[]> files) {}
