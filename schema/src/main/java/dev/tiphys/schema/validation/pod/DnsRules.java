package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.stream.Collectors;

/// Rules for how the containers of a Pod find hosts by name.
final class DnsRules {

  private static final int MOST_SERVERS = 3;
  private static final int MOST_SEARCHES = 32;
  private static final int LONGEST_LIST = 2048;

  private DnsRules() {}

  static void config(FieldValue spec) {
    FieldValue config = spec.at("dnsConfig");
    FieldValue servers = config.at("nameservers");
    if (spec.at("dnsPolicy").is("None")) {
      if (!config.isSet()) {
        config.required("must provide `dnsConfig` when `dnsPolicy` is None");
        return;
      }
      if (!servers.mustBeSet("must provide at least one DNS nameserver when `dnsPolicy` is None")) {
        return;
      }
    }
    if (!config.isSet()) {
      return;
    }
    if (servers.list().size() > MOST_SERVERS) {
      servers.invalid("must not have more than 3 nameservers");
    }
    servers.items().forEach(AddressRules::address);
    searches(config.at("searches"));
    for (FieldValue option : config.at("options").items()) {
      if (option.at("name").isEmpty()) {
        option.required("must not be empty");
      }
    }
  }

  private static void searches(FieldValue searches) {
    List<?> all = searches.list();
    if (all.size() > MOST_SEARCHES) {
      searches.invalid("must not have more than 32 search paths");
    }
    String joined = all.stream().map(Object::toString).collect(Collectors.joining(" "));
    if (Formats.byteLength(joined) > LONGEST_LIST) {
      searches.invalid(
          "must not have more than 2048 characters (including spaces) in the search list");
    }
    for (FieldValue search : searches.items()) {
      String name = search.string();
      if (!name.equals(".")) {
        String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        search.holding(relative).mustBe(Formats::looseSubdomain);
      }
    }
  }
}
