package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.discovery.Search;
import java.nio.file.Path;
import java.util.Map;

/// A configuration of a Prometheus.
///
/// @param text of its main file
/// @param files those that it names, with their content
/// @param targets the files that it reads targets from, with what is to be found in them
public record Rendered(String text, Map<Path, byte[]> files, Map<Path, Search> targets) {}
