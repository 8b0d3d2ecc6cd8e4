package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.List;

/// Rules for the ranges that Services get their addresses from, and for the addresses taken.
public final class ServiceRangeRules {

  private static final String TYPES = "io.k8s.api.networking.v1.";

  private ServiceRangeRules() {}

  /// An IPAddress.
  public static void address(FieldValue address) {
    FieldValue parent = address.at("spec", "parentRef");
    if (!parent.isSet()) {
      parent.required();
      return;
    }
    parent.at("group").mayBe(Formats::dnsSubdomain);
    parent.at("resource").mustBeSetAnd(Formats::pathSegment);
    parent.at("name").mustBeSetAnd(Formats::pathSegment);
    parent.at("namespace").mayBe(Formats::pathSegment);
  }

  public static void addressUpdate(FieldValue now, Struct before) {
    address(now);
    now.at("spec", "parentRef")
        .mustEqual(before.get("spec", "parentRef"), TYPES + "ParentReference");
  }

  /// A ServiceCIDR.
  public static void range(FieldValue range) {
    FieldValue ranges = range.at("spec", "cidrs");
    if (!ranges.mustBeSet("at least one CIDR required")) {
      return;
    }
    if (ranges.list().size() > 2) {
      ranges.invalidText(
          GoText.struct(range.at("spec").value(), TYPES + "ServiceCIDRSpec"),
          "may only hold up to 2 values");
      return;
    }
    for (FieldValue text : ranges.items()) {
      AddressRules.canonicalRange(text);
    }
    List<String> texts = ranges.list().stream().map(Object::toString).toList();
    if (texts.size() == 2
        && texts.stream().allMatch(text -> IpRange.parse(text) != null)
        && !AddressRules.areRangesOfEach(texts)) {
      ranges.invalid(
          "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and"
              + " 2001:db8::/64");
    }
  }

  /// A second range can be added, for the other family.
  public static void rangeUpdate(FieldValue now, Struct before) {
    FieldValue ranges = now.at("spec", "cidrs");
    List<?> old = before.list("spec", "cidrs");
    int had = old.size();
    int has = ranges.list().size();
    if (had == has) {
      for (int i = 0; i < had; i++) {
        ranges.at(i).mustEqual(old.get(i));
      }
    } else if (had == 1 && has == 2) {
      ranges.at(0).mustEqual(old.get(0));
      range(now);
    } else {
      ranges.invalid(FieldValue.IMMUTABLE);
    }
  }
}
