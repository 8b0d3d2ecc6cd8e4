package dev.tiphys.schema.validation.cluster;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.List;

/// Rules for Leases.
public final class LeaseRules {

  private static final List<String> STRATEGIES = List.of("OldestEmulationVersion");

  private LeaseRules() {}

  public static void create(FieldValue lease) {
    FieldValue spec = lease.at("spec");
    FieldValue duration = spec.at("leaseDurationSeconds");
    if (duration.isSet() && duration.integer() <= 0) {
      duration.invalid("must be greater than 0");
    }
    spec.at("leaseTransitions").mustNotBeNegative();
    FieldValue strategy = spec.at("strategy");
    if (strategy.isSet()) {
      strategy(strategy.at("strategy").holding(strategy.value()));
    }
    if (!spec.at("preferredHolder").isEmpty() && strategy.isEmpty()) {
      spec.at("preferredHolder").forbidden("may only be specified if `strategy` is defined");
    }
  }

  private static void strategy(FieldValue strategy) {
    if (strategy.string().indexOf('/') < 0) {
      strategy.mustBeOneOf(STRATEGIES);
    } else {
      strategy.mustBe(Formats::labelKey);
    }
  }
}
