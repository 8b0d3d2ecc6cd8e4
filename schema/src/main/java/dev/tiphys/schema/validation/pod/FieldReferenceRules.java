package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Quantity;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rules for references from a container to fields of its Pod and to its own resources.
public final class FieldReferenceRules {

  public static final List<String> IN_VOLUMES =
      List.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");
  static final List<String> IN_ENVIRONMENT =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Set<String> KNOWN =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.serviceAccountName",
          "spec.schedulerName",
          "status.phase",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs",
          "spec.host");

  private static final List<String> RESOURCES =
      List.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");
  private static final List<String> CPU_DIVISORS = List.of("1m", "1");
  private static final List<String> BYTE_DIVISORS =
      List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

  private FieldReferenceRules() {}

  /// @param allowed the fields that can be referred to, but for single labels and annotations
  public static void field(FieldValue reference, List<String> allowed) {
    FieldValue path = reference.at("fieldPath");
    if (!reference.at("apiVersion").mustBeSet() || !path.mustBeSet()) {
      return;
    }
    String version = reference.at("apiVersion").string();
    if (!version.equals("v1")) {
      path.invalid("error converting fieldPath: unsupported pod version: " + version);
      return;
    }
    int bracket = path.string().endsWith("']") ? path.string().indexOf("['") : -1;
    if (bracket > 0) {
      entry(reference, bracket);
    } else if (!KNOWN.contains(path.string())) {
      path.invalid("error converting fieldPath: field label not supported: " + path.string());
    } else {
      String name = path.is("spec.host") ? "spec.nodeName" : path.string();
      path.holding(name).mustBeOneOf(allowed);
    }
  }

  private static void entry(FieldValue reference, int bracket) {
    FieldValue path = reference.at("fieldPath");
    String text = path.string();
    String key = text.substring(bracket + 2, text.length() - 2);
    switch (text.substring(0, bracket)) {
      case "metadata.annotations" ->
          reference.holding(key.toLowerCase(Locale.ROOT)).mustBe(Formats::labelKey);
      case "metadata.labels" -> reference.holding(key).mustBe(Formats::labelKey);
      default ->
          path.invalid(
              "error converting fieldPath: field label does not support subscript: " + text);
    }
  }

  /// @param inVolume whether the container must be named, since a volume belongs to none
  public static void resource(FieldValue reference, boolean inVolume) {
    FieldValue resource = reference.at("resource");
    String name = resource.string();
    boolean pages = name.startsWith("limits.hugepages-") || name.startsWith("requests.hugepages-");
    boolean named = !inVolume || reference.at("containerName").mustBeSet();
    if (named && resource.mustBeSet() && !pages) {
      resource.mustBeOneOf(RESOURCES);
    }
    FieldValue divisor = reference.at("divisor");
    if (!divisor.isEmpty() && !Quantity.from(divisor.value()).isZero()) {
      divisor(divisor, name, pages);
    }
  }

  private static void divisor(FieldValue divisor, String resource, boolean pages) {
    switch (resource) {
      case "limits.cpu", "requests.cpu" ->
          divisor(divisor, resource, CPU_DIVISORS, "1m and 1", "cpu");
      case "limits.memory", "requests.memory" -> divisor(divisor, resource, "memory");
      case "limits.ephemeral-storage", "requests.ephemeral-storage" ->
          divisor(divisor, resource, "local ephemeral storage");
      default -> {
        if (pages) {
          divisor(divisor, resource, "hugepages");
        }
      }
    }
  }

  private static void divisor(FieldValue divisor, String resource, String name) {
    divisor(divisor, resource, BYTE_DIVISORS, String.join(", ", BYTE_DIVISORS), name);
  }

  private static void divisor(
      FieldValue divisor, String resource, List<String> allowed, String values, String name) {
    if (!allowed.contains(Quantity.from(divisor.value()).toString())) {
      divisor.invalid(
          resource,
          "only divisor's values " + values + " are supported with the " + name + " resource");
    }
  }
}
