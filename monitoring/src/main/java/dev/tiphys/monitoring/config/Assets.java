package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.discovery.Search;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Files that a configuration names: what is secret, and rules. Each is named after its content, so
/// that files of a configuration in use are never changed.
///
/// Threads: one.
public final class Assets {

  private static final int LENGTH = 12; // bytes of a hash that tell contents apart

  private final Path directory;
  private final Map<Path, byte[]> files = new TreeMap<>();
  private final Map<Path, Search> targets = new TreeMap<>();

  /// @param directory of the server
  public Assets(Path directory) {
    this.directory = directory;
  }

  /// The place of a file with what is secret, as all places seen from the directory.
  public String secret(byte[] content) {
    return add("secrets", hash(content), content);
  }

  /// The place of a file with rules.
  String rules(String name, byte[] content) {
    return add("rules", name + "-" + hash(content) + ".yaml", content);
  }

  private String add(String folder, String name, byte[] content) {
    Path place = Path.of(folder, name);
    files.put(directory.resolve(place), content);
    return place.toString();
  }

  /// The place of a file with the targets that a search finds.
  String targets(Search search) {
    String name = hash(search.config().toString().getBytes(StandardCharsets.UTF_8)) + ".json";
    Path place = Path.of("targets", name);
    targets.put(directory.resolve(place), search);
    return place.toString();
  }

  Map<Path, Search> targets() {
    return Collections.unmodifiableMap(targets);
  }

  /// The files, with their content.
  public Map<Path, byte[]> files() {
    return Collections.unmodifiableMap(files);
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
