package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.Base64;
import java.util.List;

/// Rules for APIServices.
public final class ApiServiceRules {

  private ApiServiceRules() {}

  public static void create(FieldValue service) {
    FieldValue spec = service.at("spec");
    FieldValue group = spec.at("group");
    FieldValue version = spec.at("version");
    String required = version.string() + "." + group.string();
    for (String field : List.of("generateName", "name")) {
      FieldValue name = service.at("metadata", field);
      if (!name.isEmpty() && Formats.pathSegment(name.string()).isEmpty() && !name.is(required)) {
        name.invalid("must be `spec.version+\".\"+spec.group`: " + GoText.quoted(required));
      }
    }
    if (group.isEmpty() && !version.is("v1")) {
      group.required("only v1 may have an empty group and it better be legacy kube");
    }
    group.mayBe(Formats::dnsSubdomain);
    version.mustBe(Formats::dns1035Label);
    priority(spec.at("groupPriorityMinimum"), 20_000);
    priority(spec.at("versionPriority"), 1000);
    if (spec.at("service").isSet()) {
      remote(spec);
    } else {
      local(spec);
    }
  }

  private static void priority(FieldValue priority, int most) {
    if (priority.integer() <= 0 || priority.integer() > most) {
      priority.invalid(priority.integer(), "must be positive and less than " + most);
    }
  }

  private static void local(FieldValue spec) {
    FieldValue bundle = spec.at("caBundle");
    if (!bundle.isEmpty()) {
      bundle.invalid(
          Base64.getDecoder().decode(bundle.string()).length + " bytes",
          "local APIServices may not have a caBundle");
    }
    if (spec.at("insecureSkipTLSVerify").bool()) {
      spec.at("insecureSkipTLSVerify")
          .invalid("local APIServices may not have insecureSkipTLSVerify");
    }
  }

  private static void remote(FieldValue spec) {
    FieldValue service = spec.at("service");
    service.at("namespace").mustBeSet();
    service.at("name").mustBeSet();
    WebhookClientRules.port(service.at("port"));
    if (spec.at("insecureSkipTLSVerify").bool() && !spec.at("caBundle").isEmpty()) {
      spec.at("insecureSkipTLSVerify").invalid("may not be true if caBundle is present");
    }
  }

  public static void status(FieldValue now, Struct before) {
    for (FieldValue condition : now.at("status", "conditions").items()) {
      condition.at("status").mustBeOneOf(List.of("True", "False", "Unknown"));
    }
  }
}
