package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.AdmissionCompiler;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for the configurations of webhooks, mutating and validating.
public final class WebhookRules {

  private static final List<String> VERSIONS = List.of("v1", "v1beta1");
  private static final List<String> HARMLESS = List.of("None", "NoneOnDryRun");
  private static final List<String> SIDE_EFFECTS =
      List.of("None", "NoneOnDryRun", "Some", "Unknown");

  private WebhookRules() {}

  /// What was wrong before and may stay wrong.
  private record Leniency(
      boolean conditions, boolean sideEffects, boolean versions, boolean names) {
    static final Leniency NONE = new Leniency(false, false, false, false);
  }

  public static void create(FieldValue configuration) {
    hooks(configuration, Leniency.NONE);
  }

  public static void update(FieldValue now, Struct before) {
    List<Struct> old = before.structs("webhooks");
    List<Struct> hooks = now.at("webhooks").structs();
    boolean sameConditions = old.size() == hooks.size();
    for (int i = 0; i < old.size() && sameConditions; i++) {
      sameConditions =
          Equality.same(hooks.get(i).get("matchConditions"), old.get(i).get("matchConditions"));
    }
    boolean sideEffects =
        !old.stream().allMatch(hook -> HARMLESS.contains(hook.string("sideEffects")));
    boolean versions =
        old.stream()
            .map(hook -> hook.list("admissionReviewVersions"))
            .anyMatch(list -> !list.isEmpty() && list.stream().noneMatch(VERSIONS::contains));
    boolean doubles = old.stream().map(hook -> hook.string("name")).distinct().count() < old.size();
    hooks(now, new Leniency(sameConditions, sideEffects, versions, doubles));
  }

  private static void hooks(FieldValue configuration, Leniency leniency) {
    Set<Object> names = new HashSet<>();
    for (FieldValue hook : configuration.at("webhooks").items()) {
      hook(hook, leniency);
      versions(hook.at("admissionReviewVersions"), !leniency.versions(), "must specify one of ");
      FieldValue name = hook.at("name");
      if (!name.isEmpty() && !leniency.names()) {
        name.mustBeNewIn(names);
      }
    }
  }

  private static void hook(FieldValue hook, Leniency leniency) {
    name(hook.at("name"));
    hook.at("rules").items().forEach(AdmissionMatchRules::rule);
    hook.at("failurePolicy").mayBeOneOf(AdmissionMatchRules.FAILURE_POLICIES);
    hook.at("matchPolicy").mayBeOneOf(AdmissionMatchRules.MATCH_POLICIES);
    List<String> effects = leniency.sideEffects() ? SIDE_EFFECTS : HARMLESS;
    FieldValue effect = hook.at("sideEffects");
    if (effect.isSet()) {
      effect.mustBeOneOf(effects);
    } else {
      effect.required("must specify one of " + String.join(", ", effects));
    }
    FieldValue timeout = hook.at("timeoutSeconds");
    if (timeout.isSet() && (timeout.integer() < 1 || timeout.integer() > 30)) {
      timeout.invalid("the timeout value must be between 1 and 30 seconds");
    }
    SelectorRules.selector(hook.at("namespaceSelector"));
    SelectorRules.selector(hook.at("objectSelector"));
    hook.at("reinvocationPolicy").mayBeOneOf(List.of("IfNeeded", "Never"));
    client(hook.at("clientConfig"));
    if (!leniency.conditions()) {
      conditions(hook.at("matchConditions"));
    }
  }

  private static void conditions(FieldValue conditions) {
    if (!conditions.isEmpty()) {
      AdmissionMatchRules.conditions(conditions, AdmissionCompiler.ofWebhooks());
    }
  }

  private static void name(FieldValue name) {
    if (name.mustBeSetAnd(Formats.joined(Formats::dnsSubdomain))
        && name.string().split("\\.", -1).length < 3) {
      name.invalid("should be a domain with at least three segments separated by dots");
    }
  }

  static void client(FieldValue client) {
    FieldValue url = client.at("url");
    FieldValue service = client.at("service");
    if (url.isSet() == service.isSet()) {
      client.required("exactly one of url or service is required");
    } else if (url.isSet()) {
      WebhookClientRules.url(url);
    } else {
      WebhookClientRules.service(service);
    }
  }

  /// The versions of questions that a webhook understands.
  ///
  /// @param known whether one of those that are asked must be among them
  static void versions(FieldValue versions, boolean known, String required) {
    if (versions.isEmpty()) {
      versions.required(required.isEmpty() ? "" : required + String.join(", ", VERSIONS));
      return;
    }
    Set<Object> seen = new HashSet<>();
    for (FieldValue version : versions.items()) {
      if (seen.add(version.string())) {
        version.mustBe(Formats::dns1035Label);
      } else {
        version.invalid("duplicate version");
      }
    }
    if (known && VERSIONS.stream().noneMatch(seen::contains)) {
      versions.invalid("must include at least one of " + String.join(", ", VERSIONS));
    }
  }
}
