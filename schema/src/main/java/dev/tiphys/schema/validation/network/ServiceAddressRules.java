package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for the addresses of Services.
public final class ServiceAddressRules {

  private static final List<String> FAMILIES = List.of("IPv4", "IPv6");
  private static final List<String> FAMILY_POLICIES =
      List.of("PreferDualStack", "RequireDualStack", "SingleStack");
  private static final String FIXED = "may not change once set";

  private ServiceAddressRules() {}

  public static void clusterIps(FieldValue spec, Struct old) {
    if (spec.at("type").is("ExternalName")) {
      return;
    }
    firstIsTheOne(spec);
    Set<Object> seen = new HashSet<>();
    for (FieldValue family : spec.at("ipFamilies").items()) {
      family.mustBeOneOf(FAMILIES);
      family.mustBeNewIn(seen);
    }
    spec.at("ipFamilyPolicy").mayBeOneOf(FAMILY_POLICIES);
    FieldValue addresses = spec.at("clusterIPs");
    if (areAddresses(addresses, old)) {
      families(spec, addresses);
    }
  }

  private static void firstIsTheOne(FieldValue spec) {
    FieldValue addresses = spec.at("clusterIPs");
    FieldValue one = spec.at("clusterIP");
    if (one.isEmpty()) {
      if (!addresses.isEmpty()) {
        addresses.invalid("must be empty when `clusterIP` is not specified");
      }
    } else if (addresses.isEmpty()) {
      addresses.required();
    } else if (!addresses.list().getFirst().equals(one.string())) {
      addresses.invalid("first value must match `clusterIP`");
    }
  }

  private static boolean areAddresses(FieldValue addresses, Struct old) {
    boolean sound = true;
    boolean first = true;
    int count = addresses.list().size();
    for (FieldValue address : addresses.items()) {
      if (first && address.is("None")) {
        if (count > 1) {
          sound = false;
          addresses.invalid("'None' must be the first and only value");
        }
      } else {
        sound &= AddressRules.address(address, old.list("clusterIPs"));
      }
      first = false;
    }
    if (count > 2) {
      addresses.invalid("may only hold up to 2 values");
    }
    return sound;
  }

  private static void families(FieldValue spec, FieldValue addresses) {
    List<String> all = addresses.list().stream().map(Object::toString).toList();
    if (all.size() > 1 && !areOfDifferentFamilies(all)) {
      addresses.invalid("may specify no more than one IP for each IP family");
    }
    List<?> families = spec.at("ipFamilies").list();
    if (ServiceRules.isHeadless(spec.struct())) {
      return;
    }
    for (int i = 0; i < Math.min(all.size(), families.size()); i++) {
      IpAddress address = IpAddress.parse(all.get(i));
      Object family = families.get(i);
      String actual = address != null && address.family() == 6 ? "IPv6" : "IPv4";
      if (FAMILIES.contains(family) && !family.equals(actual)) {
        addresses
            .at(i)
            .invalid("expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
      }
    }
  }

  /// At least one address of each family.
  private static boolean areOfDifferentFamilies(List<String> addresses) {
    return addresses.stream()
            .map(IpAddress::parse)
            .map(address -> address == null ? 0 : address.family())
            .distinct()
            .count()
        > 1;
  }

  static void externalIps(FieldValue addresses, Struct old) {
    for (FieldValue address : addresses.items()) {
      if (AddressRules.address(address, old.list("externalIPs"))) {
        AddressRules.ordinaryAddress(address);
      }
    }
  }

  /// What was given out stays, but for the second address, which can be given and taken back.
  static void changes(FieldValue spec, Struct old) {
    if (spec.at("type").is("ExternalName") || old.string("type").equals("ExternalName")) {
      return;
    }
    boolean headless = ServiceRules.isHeadless(spec.struct());
    boolean wasHeadless = ServiceRules.isHeadless(old);
    if (!headless || !wasHeadless) {
      addressesStay(spec, old.list("clusterIPs"));
    }
    if (!headless && !wasHeadless) {
      familiesStay(spec, old.list("ipFamilies"));
    }
  }

  private static void addressesStay(FieldValue spec, List<?> old) {
    FieldValue addresses = spec.at("clusterIPs");
    List<?> now = addresses.list();
    if (now.size() == old.size()) {
      for (int i = 0; i < old.size(); i++) {
        if (!now.get(i).equals(old.get(i))) {
          addresses.shownAt(i).invalid(addresses.value(), FIXED);
        }
      }
      return;
    }
    FieldValue first = addresses.shownAt(0);
    if (now.isEmpty()) {
      first.invalid(addresses.value(), "primary clusterIP can not be unset");
    } else if (!old.isEmpty() && !now.getFirst().equals(old.getFirst())) {
      first.invalid(addresses.value(), FIXED);
    }
    if (now.size() == 1 && old.size() > 1) {
      single(spec, "clusterIP");
    }
  }

  private static void familiesStay(FieldValue spec, List<?> old) {
    FieldValue families = spec.at("ipFamilies");
    List<?> now = families.list();
    FieldValue first = families.shownAt(0);
    if (now.size() == old.size()) {
      for (int i = 0; i < old.size(); i++) {
        if (!now.get(i).equals(old.get(i))) {
          first.invalid(families.value(), FIXED);
        }
      }
      return;
    }
    Object addresses = spec.at("clusterIPs").value();
    if (now.size() < old.size() && spec.at("clusterIPs").isEmpty()) {
      first.invalid(families.value(), "primary ipFamily can not be unset");
    }
    if (!old.isEmpty() && !now.isEmpty() && !now.getFirst().equals(old.getFirst())) {
      first.invalid(addresses, FIXED);
    }
    if (now.size() == 1 && old.size() > 1) {
      single(spec, "ipFamily");
    }
  }

  private static void single(FieldValue spec, String what) {
    FieldValue policy = spec.at("ipFamilyPolicy");
    if (!policy.is("SingleStack")) {
      policy.invalid("must be set to 'SingleStack' when releasing the secondary " + what);
    }
  }
}
