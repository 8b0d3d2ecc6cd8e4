package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.FieldValue;
import java.util.List;

/// Rules for what a Pod may set on the operating system that it asks for.
final class OperatingSystemRules {

  private static final List<String> SYSTEMS = List.of("linux", "windows");
  private static final String NOT_LINUX = "windows options cannot be set for a linux pod";
  private static final String NOT_WINDOWS = "cannot be set for a windows pod";

  /// What makes no sense on Windows, in the order of upstream's errors. What has no dot is a field
  /// of the Pod's specification.
  private static final List<String> OF_POD =
      List.of(
          "securityContext.appArmorProfile",
          "securityContext.seLinuxOptions",
          "hostUsers",
          "hostPID",
          "hostIPC",
          "securityContext.seccompProfile",
          "securityContext.fsGroup",
          "securityContext.fsGroupChangePolicy",
          "securityContext.sysctls",
          "shareProcessNamespace",
          "securityContext.runAsUser",
          "securityContext.runAsGroup",
          "securityContext.supplementalGroups",
          "securityContext.supplementalGroupsPolicy",
          "securityContext.seLinuxChangePolicy");

  private static final List<String> OF_CONTAINER =
      List.of(
          "appArmorProfile",
          "seLinuxOptions",
          "seccompProfile",
          "capabilities",
          "readOnlyRootFilesystem",
          "privileged",
          "allowPrivilegeEscalation",
          "procMount",
          "runAsUser",
          "runAsGroup");

  private OperatingSystemRules() {}

  static void operatingSystem(FieldValue spec) {
    FieldValue system = spec.at("os");
    if (!system.isSet()) {
      return;
    }
    if (!system.at("name").mustBeSet("cannot be empty")) {
      return;
    }
    switch (system.at("name").string()) {
      case "linux" -> linux(spec);
      case "windows" -> windows(spec);
      default -> system.holding(system.at("name").value()).notSupported(SYSTEMS);
    }
  }

  private static void linux(FieldValue spec) {
    spec.at("securityContext", "windowsOptions").mustNotBeSet(NOT_LINUX);
    for (FieldValue container : ContainerListRules.all(spec)) {
      container.at("securityContext", "windowsOptions").mustNotBeSet(NOT_LINUX);
    }
  }

  private static void windows(FieldValue spec) {
    for (String field : OF_POD) {
      int dot = field.indexOf('.');
      FieldValue value =
          dot < 0 ? spec.at(field) : spec.at(field.substring(0, dot), field.substring(dot + 1));
      value.mustNotBeSet(NOT_WINDOWS);
    }
    for (FieldValue container : ContainerListRules.all(spec)) {
      for (String field : OF_CONTAINER) {
        container.at("securityContext", field).mustNotBeSet(NOT_WINDOWS);
      }
    }
  }
}
