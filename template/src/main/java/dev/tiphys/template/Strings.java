package dev.tiphys.template;

import java.util.Map;
import java.util.TreeMap;

/// Data of which each value is a text, a `map[string]string` in Go. The texts may be any bytes, as
/// those of Secrets are.
public final class Strings {

  private final Map<String, byte[]> values;

  private Strings(Map<String, byte[]> values) {
    this.values = values;
  }

  public static Strings of(Map<String, byte[]> values) {
    return new Strings(new TreeMap<>(values));
  }

  Map<String, byte[]> values() {
    return values;
  }
}
