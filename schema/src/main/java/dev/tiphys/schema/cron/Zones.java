package dev.tiphys.schema.cron;

import java.time.ZoneId;
import java.time.ZoneOffset;

/// Time zones by their names.
public final class Zones {

  private Zones() {}

  /// Whether there is a zone of that name, in a database of zones or as what machines call theirs.
  public static boolean isKnown(String name) {
    return name.isEmpty() || name.equals("Local") || ZoneId.getAvailableZoneIds().contains(name);
  }

  /// What is wrong with a name that no zone has.
  public static String unknown(String name) {
    return "unknown time zone " + name;
  }

  /// The zone of a name.
  ///
  /// @param local that of the machine
  static ZoneId of(String name, ZoneId local) {
    if (!isKnown(name)) {
      throw new IllegalArgumentException("provided bad location " + name + ": " + unknown(name));
    }
    return name.isEmpty() ? ZoneOffset.UTC : name.equals("Local") ? local : ZoneId.of(name);
  }
}
