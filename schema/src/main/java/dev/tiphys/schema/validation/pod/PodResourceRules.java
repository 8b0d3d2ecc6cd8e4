package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.PodResources;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.ResourceRules;
import java.util.HashSet;
import java.util.Set;

/// Rules for what a Pod asks for as a whole: its own resources and its claims for devices.
final class PodResourceRules {

  private PodResourceRules() {}

  static void claims(FieldValue claims, Struct metadata) {
    Set<Object> names = new HashSet<>();
    for (FieldValue claim : claims.items()) {
      if (metadata.has("annotations", PodRules.MIRROR)) {
        claim.wholeObject().forbidden("static pods do not support resource claims");
      } else {
        claim(claim, names);
      }
    }
  }

  private static void claim(FieldValue claim, Set<Object> names) {
    FieldValue name = claim.at("name");
    if (name.mustBeSet() && name.mustBeNewIn(names)) {
      name.mustBe(Formats::dnsLabel);
    }
    FieldValue made = claim.at("resourceClaimName");
    FieldValue template = claim.at("resourceClaimTemplateName");
    if (made.isSet() && template.isSet()) {
      claim.invalidText(
          shown(claim),
          "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
    }
    if (!made.isSet() && !template.isSet()) {
      claim.invalidText(
          shown(claim), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    }
    if (made.isSet()) {
      made.mustBe(Formats::dnsSubdomain);
    }
    if (template.isSet()) {
      template.mustBe(Formats::dnsSubdomain);
    }
  }

  private static String shown(FieldValue claim) {
    return GoText.struct(claim.value(), "io.k8s.api.core.v1.PodResourceClaim");
  }

  static void resources(FieldValue spec, PodContext pod) {
    FieldValue resources = spec.at("resources");
    if (!resources.isSet()) {
      return;
    }
    if (pod.isWindows()) {
      resources.forbidden("may not be set for a windows pod");
      return;
    }
    if (resources.at("claims").isSet()) {
      resources.at("claims").forbidden("claims may not be set for Resources at pod-level");
    }
    ResourceRules.ofPod(resources, pod.claims());
    enoughForContainers(resources, spec.struct());
    moreThanEachContainer(resources, spec);
  }

  private static void enoughForContainers(FieldValue resources, Struct spec) {
    PodResources.ofContainers(spec, "requests")
        .forEach(
            (name, sum) ->
                atLeast(resources.at("requests").key(name), sum, "aggregate container requests"));
    PodResources.ofContainers(spec, "limits")
        .forEach(
            (name, sum) -> {
              if (ResourceNames.isHugePages(name)) {
                atLeast(resources.at("limits").key(name), sum, "aggregate container limits");
              }
            });
  }

  private static void atLeast(FieldValue amount, Quantity sum, String what) {
    if (amount.isSet() && sum.compareTo(Quantity.from(amount.value())) > 0) {
      amount.invalid("must be greater than or equal to " + what + " of " + sum);
    }
  }

  /// The path of this error is as odd upstream.
  private static void moreThanEachContainer(FieldValue resources, FieldValue spec) {
    Struct limits = resources.at("limits").struct();
    int index = 0;
    for (FieldValue container : spec.at("containers").items()) {
      for (FieldValue limit : container.at("resources", "limits").entries()) {
        Object most = limits.get(limit.name());
        if (most != null && Quantity.from(limit.value()).compareTo(Quantity.from(most)) > 0) {
          resources
              .at("containers")
              .shownAt(index)
              .key(limit.name())
              .at("limits")
              .invalid(limit.value(), "must be less than or equal to pod limits of " + most);
        }
      }
      index++;
    }
  }
}
