package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much a job may bring: the smaller of what its object says and of what the Prometheus
/// enforces.
final class Limits {

  private static final Pattern SIZE = Pattern.compile("((?:[0-9]*[.])?[0-9]+)(?:([KMGTPE])i?)?B");
  private static final String UNITS = "KMGTPE";
  private static final double STEP = 1024;

  /// By the fields of objects.
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "sampleLimit", "sample_limit",
              "targetLimit", "target_limit",
              "labelLimit", "label_limit",
              "labelNameLengthLimit", "label_name_length_limit",
              "labelValueLengthLimit", "label_value_length_limit"));

  private Limits() {}

  static void addTo(StructBuilder out, Version version, Struct own, Struct prometheus) {
    SETTINGS.forEach((field, setting) -> number(out, setting, field, own, prometheus));
    if (version.isAtLeast(2, 47)) {
      number(out, "keep_dropped_targets", "keepDroppedTargets", own, prometheus);
    }
    out.addUnlessEmpty(
        "body_size_limit",
        smaller(own.string("bodySizeLimit"), prometheus.string("enforcedBodySizeLimit")));
  }

  private static void number(
      StructBuilder out, String setting, String field, Struct own, Struct prometheus) {
    long enforced = prometheus.integer("enforced" + capital(field));
    long ofAll = prometheus.integer(field); // of the global section, which 2.42 does not have
    long wanted = own.has(field) && own.integer(field) != 0 ? own.integer(field) : ofAll;
    out.addUnlessZero(
        setting, enforced == 0 || wanted != 0 && wanted < enforced ? wanted : enforced);
  }

  private static String capital(String field) {
    return Character.toUpperCase(field.charAt(0)) + field.substring(1);
  }

  private static String smaller(String own, String enforced) {
    if (own.isEmpty() || enforced.isEmpty()) {
      return own + enforced;
    }
    return bytes(own) > bytes(enforced) ? enforced : own;
  }

  private static double bytes(String size) {
    Matcher parts = SIZE.matcher(size);
    if (!parts.matches()) {
      return 0;
    }
    String unit = parts.group(2);
    int power = unit == null ? 0 : UNITS.indexOf(unit) + 1;
    return Double.parseDouble(parts.group(1)) * Math.pow(STEP, power);
  }
}
