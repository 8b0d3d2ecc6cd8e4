package dev.tiphys.schema.validation.network;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.ReferenceRules;
import java.util.List;

/// Rules for IngressClasses.
public final class IngressClassRules {

  private static final int LONGEST_CONTROLLER = 250;

  private IngressClassRules() {}

  public static void create(FieldValue ingress) {
    FieldValue controller = ingress.at("spec", "controller");
    controller.mustNotBeLongerThan(LONGEST_CONTROLLER);
    PathRules.ofDomain(controller);
    if (ingress.at("spec", "parameters").isSet()) {
      parameters(ingress.at("spec", "parameters"));
    }
  }

  private static void parameters(FieldValue parameters) {
    ReferenceRules.typed(parameters);
    FieldValue scope = parameters.at("scope");
    FieldValue namespace = parameters.at("namespace");
    if (!scope.isSet()) {
      scope.required();
    } else if (scope.is("Namespace")) {
      if (namespace.isSet()) {
        namespace.mustBe(Formats::dnsLabel);
      } else {
        namespace.required("`parameters.scope` is set to 'Namespace'");
      }
    } else if (scope.mustBeOneOf(List.of("Cluster", "Namespace"))) {
      namespace.mustNotBeSet("`parameters.scope` is set to 'Cluster'");
    }
  }

  public static void update(FieldValue now, Struct before) {
    now.at("spec", "controller").mustEqual(before.get("spec", "controller"));
    create(now);
  }
}
