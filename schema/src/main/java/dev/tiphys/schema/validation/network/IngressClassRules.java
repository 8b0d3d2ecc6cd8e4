package dev.tiphys.schema.validation.network;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.Place;
import dev.tiphys.schema.validation.ReferenceRules;
import java.util.List;

/// Rules for IngressClasses.
public final class IngressClassRules {

  private static final int LONGEST_CONTROLLER = 250;

  private IngressClassRules() {}

  public static void create(Place ingress) {
    Place controller = ingress.at("spec", "controller");
    controller.mustNotBeLongerThan(LONGEST_CONTROLLER);
    PathRules.ofDomain(controller);
    if (ingress.at("spec", "parameters").isSet()) {
      parameters(ingress.at("spec", "parameters"));
    }
  }

  private static void parameters(Place parameters) {
    ReferenceRules.typed(parameters);
    Place scope = parameters.at("scope");
    Place namespace = parameters.at("namespace");
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

  public static void update(Place now, Struct before) {
    now.at("spec", "controller").mustEqual(before.get("spec", "controller"));
    create(now);
  }
}
