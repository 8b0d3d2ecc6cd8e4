package dev.tiphys.schema.validation.cluster;

import dev.tiphys.schema.validation.FieldValue;
import java.util.List;

/// Rules for PriorityLevelConfigurations.
public final class PriorityLevelRules {

  private static final String SHARES_NOTE =
      "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
  private static final String BELOW_ZERO = "must be a non-negative integer";
  private static final int MOST_QUEUES = 10_000_000;
  private static final int MOST_BITS = 60;

  private PriorityLevelRules() {}

  public static void create(FieldValue level) {
    FieldValue notes = level.at("metadata", "annotations");
    if (notes.at(SHARES_NOTE).isSet()) {
      notes.forbidden("annotation '" + SHARES_NOTE + "' is forbidden");
    }
    FieldValue spec = level.at("spec");
    String name = level.at("metadata", "name").string();
    spec(spec, name);
    MandatoryFlows.level(spec, name);
    FlowSchemaRules.conditions(level);
  }

  private static void spec(FieldValue spec, String name) {
    FieldValue type = spec.at("type");
    FieldValue limited = spec.at("limited");
    FieldValue exempt = spec.at("exempt");
    if (name.equals("exempt") != type.is("Exempt")) {
      type.invalid(type.string(), "must be 'Exempt' if and only if `name` is 'exempt'");
    }
    switch (type.string()) {
      case "Exempt" -> {
        limited.mustNotBeSet("must be nil if the type is not Limited");
        shares(exempt);
        lendable(exempt);
      }
      case "Limited" -> {
        exempt.mustNotBeSet("must be nil if the type is Limited");
        if (limited.isSet()) {
          limited(limited);
        } else {
          limited.required("must not be empty when type is Limited");
        }
      }
      default -> type.notSupported(List.of("Exempt", "Limited"));
    }
  }

  private static void shares(FieldValue level) {
    FieldValue shares = level.at("nominalConcurrencyShares");
    if (shares.integer() < 0) {
      shares.invalid(BELOW_ZERO);
    }
  }

  private static void lendable(FieldValue level) {
    level.at("lendablePercent").mustBeBetween(0, 100);
  }

  private static void limited(FieldValue limited) {
    shares(limited);
    response(limited.at("limitResponse"));
    lendable(limited);
    FieldValue borrowing = limited.at("borrowingLimitPercent");
    if (borrowing.integer() < 0) {
      borrowing.invalid("if specified, " + BELOW_ZERO);
    }
  }

  private static void response(FieldValue response) {
    FieldValue queuing = response.at("queuing");
    switch (response.at("type").string()) {
      case "Reject" ->
          queuing.mustNotBeSet("must be nil if limited.limitResponse.type is not Limited");
      case "Queue" -> {
        if (queuing.isSet()) {
          queuing(queuing);
        } else {
          queuing.required("must not be empty if limited.limitResponse.type is Limited");
        }
      }
      default -> response.at("type").notSupported(List.of("Queue", "Reject"));
    }
  }

  private static void queuing(FieldValue queuing) {
    positive(queuing.at("queueLengthLimit"));
    FieldValue queues = queuing.at("queues");
    if (positive(queues) && queues.integer() > MOST_QUEUES) {
      queues.invalid("must not be greater than " + MOST_QUEUES);
    }
    FieldValue hand = queuing.at("handSize");
    if (!positive(hand)) {
      return;
    }
    long deck = queues.integer();
    if (hand.integer() > deck) {
      hand.invalid("should not be greater than queues (" + deck + ")");
    } else if (Math.ceil(Math.log(deck) / Math.log(2) * hand.integer()) > MOST_BITS) {
      hand.invalid(
          "required entropy bits of deckSize "
              + deck
              + " and handSize "
              + hand.integer()
              + " should not be greater than "
              + MOST_BITS);
    }
  }

  private static boolean positive(FieldValue number) {
    if (number.integer() <= 0) {
      number.invalid(number.integer(), "must be positive");
      return false;
    }
    return true;
  }
}
