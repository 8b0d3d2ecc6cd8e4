package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.NameForm;
import dev.tiphys.schema.validation.PathRules;
import java.util.List;

/// Rules for the environment variables of containers.
final class EnvironmentRules {

  private static final String SEVERAL = "may not have more than one field specified at a time";
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  private EnvironmentRules() {}

  static void variables(FieldValue variables) {
    for (FieldValue variable : variables.items()) {
      variable.at("name").mustBeSetAnd(Formats::environmentName);
      if (variable.at("valueFrom").isSet()) {
        source(variable, variable.at("valueFrom"));
      }
    }
  }

  private static void source(FieldValue variable, FieldValue source) {
    int count = 0;
    for (String field : SOURCES) {
      FieldValue reference = source.at(field);
      if (reference.isSet()) {
        count++;
        switch (field) {
          case "fieldRef" ->
              FieldReferenceRules.field(reference, FieldReferenceRules.IN_ENVIRONMENT);
          case "resourceFieldRef" -> FieldReferenceRules.resource(reference, false);
          case "fileKeyRef" -> fileKey(reference);
          default -> key(reference);
        }
      }
    }
    if (count == 0) {
      source.invalid(
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
              + " `fileKeyRef`");
    } else if (!variable.at("value").isEmpty()) {
      source.invalid("", "may not be specified when `value` is not empty");
    } else if (count > 1) {
      source.invalid("", SEVERAL);
    }
  }

  private static void key(FieldValue reference) {
    reference.at("name").mustBe(Formats::dnsSubdomain);
    reference.at("key").mustBeSetAnd(Formats::configKey);
  }

  private static void fileKey(FieldValue reference) {
    reference.at("key").mustBeSetAnd(Formats::environmentName);
    reference.at("volumeName").mustBeSetAnd(Formats::dnsLabel);
    if (reference.at("path").mustBeSet()) {
      PathRules.noBacksteps(reference.at("path"));
    }
  }

  /// Upstream's paths leave out which of the sources lacks a reference or has two.
  static void sources(FieldValue sources) {
    for (FieldValue source : sources.items()) {
      source.at("prefix").mayBe(Formats::environmentName);
      FieldValue configMap = source.at("configMapRef");
      FieldValue secret = source.at("secretRef");
      for (FieldValue reference : List.of(configMap, secret)) {
        if (reference.isSet() && reference.at("name").mustBeSet()) {
          reference.at("name").mustBe(NameForm.SUBDOMAIN.prefix());
        }
      }
      if (!configMap.isSet() && !secret.isSet()) {
        sources.invalid("", "must specify one of: `configMapRef` or `secretRef`");
      } else if (configMap.isSet() && secret.isSet()) {
        sources.invalid("", SEVERAL);
      }
    }
  }
}
