package dev.tiphys.schema.warnings;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import java.util.List;

/// Warnings about Services: addresses that are not in their usual form, and fields that count for
/// nothing.
final class ServiceWarnings {

  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String MODE = "service.kubernetes.io/topology-mode";

  private ServiceWarnings() {}

  static void service(Subject service) {
    Struct spec = service.object().struct("spec");
    if (service.object().has("metadata", "annotations", HINTS)) {
      service.say("annotation " + HINTS + " is deprecated, please use " + MODE + " instead");
    }
    Subject shown = service.at("spec");
    addresses(shown, "clusterIPs");
    addresses(shown, "externalIPs");
    address(shown, "loadBalancerIP", spec.string("loadBalancerIP"));
    List<String> ranges = spec.strings("loadBalancerSourceRanges");
    for (int i = 0; i < ranges.size(); i++) {
      range(shown, "loadBalancerSourceRanges[" + i + "]", ranges.get(i));
    }
    ignored(shown, spec);
  }

  private static void ignored(Subject service, Struct spec) {
    boolean elsewhere = spec.string("type").equals("ExternalName");
    boolean external = !spec.list("externalIPs").isEmpty();
    if (elsewhere && external) {
      service.say("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if (!elsewhere && !spec.string("externalName").isEmpty()) {
      service.say("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if (!spec.string("clusterIP").equals("None")) {
      return;
    }
    if (!spec.string("loadBalancerIP").isEmpty()) {
      service.say("spec.loadBalancerIP is ignored for headless services");
    }
    if (external) {
      service.say("spec.externalIPs is ignored for headless services");
    }
    if (!spec.string("sessionAffinity").equals("None")) {
      service.say("spec.SessionAffinity is ignored for headless services");
    }
  }

  private static void addresses(Subject spec, String field) {
    List<String> addresses = spec.object().strings(field);
    for (int i = 0; i < addresses.size(); i++) {
      if (!addresses.get(i).equals("None")) {
        address(spec, field + "[" + i + "]", addresses.get(i));
      }
    }
  }

  private static void address(Subject spec, String field, String text) {
    IpAddress address = text.isEmpty() ? null : IpAddress.parse(text);
    if (address == null) {
      return;
    }
    if (address.hasLeadingZeros() || address.isMapped()) {
      spec.warn(
          field,
          "non-standard IP address "
              + Subject.quoted(text)
              + " is invalid: use "
              + Subject.quoted(address));
    } else if (address.family() == 6 && !address.toString().equals(text)) {
      spec.warn(
          field,
          "IPv6 address "
              + Subject.quoted(text)
              + " should be in RFC 5952 canonical format ("
              + Subject.quoted(address)
              + ")");
    }
  }

  private static void range(Subject spec, String field, String padded) {
    String text = padded.strip();
    IpRange range = IpRange.parse(text);
    if (range == null) {
      return;
    }
    IpRange masked = range.masked();
    boolean beyond = !masked.address().equals(range.address());
    if (beyond) {
      int bits = range.address().family() == 6 ? 128 : 32;
      spec.warn(
          field,
          "CIDR value "
              + Subject.quoted(text)
              + " is ambiguous in this context (should be "
              + Subject.quoted(masked)
              + " or "
              + Subject.quoted(range.address() + "/" + bits)
              + "?)");
    }
    if (range.hasLeadingZeros() || range.address().isMapped()) {
      spec.warn(
          field,
          "non-standard CIDR value "
              + Subject.quoted(text)
              + " is invalid: use "
              + Subject.quoted(masked));
    } else if (!beyond && range.address().family() == 6 && !masked.toString().equals(text)) {
      spec.warn(
          field,
          "IPv6 CIDR value "
              + Subject.quoted(text)
              + " should be in RFC 5952 canonical format ("
              + Subject.quoted(masked)
              + ")");
    }
  }
}
