package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.Compiled;
import dev.tiphys.schema.expressions.DeviceSelector;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.storage.DriverRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Rules for ResourceClaims, ResourceClaimTemplates and DeviceClasses: what is asked of devices.
public final class DeviceClaimRules {

  static final List<String> TAINT_EFFECTS = List.of("NoExecute", "NoSchedule", "None");
  private static final int MOST_ALTERNATIVES = 8;
  private static final int MOST_SELECTORS = 32;
  private static final int MOST_TOLERATIONS = 16;
  private static final int LONGEST_EXPRESSION = 10 * 1024;
  private static final int LONGEST_PARAMETERS = 10 * 1024;
  private static final String NO_REQUEST =
      "must be the name of a request in the claim or the name of a request and a subrequest"
          + " separated by '/'";
  private static final String ONE_KIND = "exactly one of `exactly` or `firstAvailable` is required";

  private DeviceClaimRules() {}

  public static void claim(FieldValue claim) {
    devices(claim.at("spec", "devices"));
  }

  public static void claimUpdate(FieldValue now, Struct before) {
    now.at("spec").mustEqual(before.get("spec"), DeviceNames.TYPES + "ResourceClaimSpec");
  }

  public static void template(FieldValue template) {
    MetaRules.template(template.at("spec", "metadata"));
    devices(template.at("spec", "spec").at("devices"));
  }

  public static void templateUpdate(FieldValue now, Struct before) {
    template(now);
    now.at("spec").mustEqual(before.get("spec"), DeviceNames.TYPES + "ResourceClaimTemplateSpec");
  }

  public static void deviceClass(FieldValue deviceClass) {
    FieldValue spec = deviceClass.at("spec");
    selectors(spec.at("selectors"));
    DeviceNames.list(spec.at("config"), DeviceNames.MOST_REQUESTS, DeviceClaimRules::configuration);
    FieldValue name = spec.at("extendedResourceName");
    if (name.isSet() && !ResourceNames.isExtended(name.string())) {
      name.invalid("must be a valid extended resource name");
    }
  }

  /// The names of requests, and of the alternatives within each.
  static Map<String, Set<String>> requests(Struct devices) {
    Map<String, Set<String>> names = new HashMap<>();
    for (Struct request : devices.structs("requests")) {
      names.put(
          request.string("name"),
          request.structs("firstAvailable").stream()
              .map(alternative -> alternative.string("name"))
              .collect(Collectors.toSet()));
    }
    return names;
  }

  /// The name of a request, or of an alternative within one.
  static void requestName(FieldValue name, Map<String, Set<String>> requests) {
    String[] parts = name.string().split("/", -1);
    if (parts.length > 2) {
      name.invalid(NO_REQUEST);
      return;
    }
    for (String part : parts) {
      name.holding(part).mustBe(Formats::dnsLabel);
    }
    Set<String> alternatives = requests.get(parts[0]);
    if (alternatives == null || (parts.length == 2 && !alternatives.contains(parts[1]))) {
      name.invalid(NO_REQUEST);
    }
  }

  private static void devices(FieldValue devices) {
    Map<String, Set<String>> requests = requests(devices.struct());
    DeviceNames.set(
        devices.at("requests"),
        DeviceNames.MOST_REQUESTS,
        DeviceClaimRules::request,
        request -> request.at("name").string());
    DeviceNames.list(
        devices.at("constraints"),
        DeviceNames.MOST_REQUESTS,
        constraint -> constraint(constraint, requests));
    DeviceNames.list(
        devices.at("config"),
        DeviceNames.MOST_REQUESTS,
        config -> requestConfiguration(config, requests));
  }

  static void requestConfiguration(FieldValue config, Map<String, Set<String>> requests) {
    DeviceNames.names(config.at("requests"), name -> requestName(name, requests));
    configuration(config);
  }

  private static void configuration(FieldValue config) {
    FieldValue opaque = config.at("opaque");
    if (!opaque.isSet()) {
      opaque.required();
      return;
    }
    DriverRules.csiDriver(opaque.at("driver"));
    DeviceNames.data(opaque.at("parameters"), LONGEST_PARAMETERS);
  }

  private static void request(FieldValue request) {
    request.at("name").mustBe(Formats::dnsLabel);
    FieldValue alternatives = request.at("firstAvailable");
    FieldValue exactly = request.at("exactly");
    if (!alternatives.isEmpty() && exactly.isSet()) {
      request.invalid(null, ONE_KIND + ", but multiple fields are set");
    } else if (!alternatives.isEmpty()) {
      DeviceNames.set(
          alternatives,
          MOST_ALTERNATIVES,
          alternative -> {
            alternative.at("name").mustBe(Formats::dnsLabel);
            wanted(alternative);
          },
          alternative -> alternative.at("name").string());
    } else if (exactly.isSet()) {
      wanted(exactly);
    } else {
      request.required(ONE_KIND);
    }
  }

  private static void wanted(FieldValue request) {
    request.at("deviceClassName").mustBeSetAnd(Formats::dnsSubdomain);
    selectors(request.at("selectors"));
    FieldValue count = request.at("count");
    switch (request.at("allocationMode").string()) {
      case "All" -> {
        if (count.integer() != 0) {
          count.invalid("must not be specified when allocationMode is 'All'");
        }
      }
      case "ExactCount" -> {
        if (count.integer() <= 0) {
          count.invalid(count.integer(), "must be greater than zero");
        }
      }
      default -> request.at("allocationMode").notSupported(List.of("All", "ExactCount"));
    }
    DeviceNames.list(request.at("tolerations"), MOST_TOLERATIONS, DeviceClaimRules::toleration);
  }

  private static void selectors(FieldValue selectors) {
    DeviceNames.list(
        selectors,
        MOST_SELECTORS,
        selector -> {
          if (selector.at("cel").isSet()) {
            expression(selector.at("cel", "expression"));
          } else {
            selector.at("cel").required();
          }
        });
  }

  private static void expression(FieldValue expression) {
    if (expression.isEmpty()) {
      expression.required();
      return;
    }
    if (Formats.byteLength(expression.string()) > LONGEST_EXPRESSION) {
      expression.tooLong(LONGEST_EXPRESSION);
      return;
    }
    Compiled compiled = DeviceSelector.compile(expression.string());
    if (compiled.program() == null) {
      expression.invalid(compiled.problem());
    } else if (compiled.program().cost().max() > DeviceSelector.MOST_COST) {
      expression.forbidden("too complex, exceeds cost limit");
    }
  }

  private static void toleration(FieldValue toleration) {
    toleration.at("key").mayBe(Formats::labelKey);
    FieldValue value = toleration.at("value");
    FieldValue operator = toleration.at("operator");
    switch (operator.string()) {
      case "Exists" -> {
        if (!value.isEmpty()) {
          value.invalid("must be empty for operator `Exists`");
        }
      }
      case "Equal" -> value.mustBe(Formats::labelValue);
      default -> operator.mustBeSetToOneOf(List.of("Equal", "Exists"));
    }
    FieldValue effect = toleration.at("effect");
    if (!effect.isEmpty()) {
      effect.mustBeOneOf(TAINT_EFFECTS);
    }
  }

  private static void constraint(FieldValue constraint, Map<String, Set<String>> requests) {
    DeviceNames.names(constraint.at("requests"), name -> requestName(name, requests));
    FieldValue same = constraint.at("matchAttribute");
    FieldValue distinct = constraint.at("distinctAttribute");
    if (same.isSet()) {
      DeviceNames.fullyQualified(same);
    } else if (distinct.isSet()) {
      DeviceNames.fullyQualified(distinct);
    } else {
      constraint.required(
          "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple"
              + " fields are set");
    }
  }
}
