package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.access.CertificateRules;
import dev.tiphys.schema.validation.access.Pem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for how custom resources are converted between versions.
final class DefinitionConversionRules {

  private static final String NO_WEBHOOK = "should not be set when strategy is not set to Webhook";

  private DefinitionConversionRules() {}

  /// @param known whether one of the versions of questions that are asked must be understood
  static void conversion(FieldValue conversion, boolean known) {
    if (!conversion.isSet()) {
      return;
    }
    FieldValue strategy = conversion.at("strategy");
    strategy.mustBeSetToOneOf(List.of("None", "Webhook"));
    FieldValue client = conversion.at("webhookClientConfig");
    FieldValue versions = conversion.at("conversionReviewVersions");
    if (strategy.is("Webhook")) {
      if (client.isSet()) {
        WebhookRules.client(client);
      } else {
        client.required("required when strategy is set to Webhook");
      }
      WebhookRules.versions(versions, known, "");
    } else {
      client.mustNotBeSet(NO_WEBHOOK);
      if (!versions.isEmpty()) {
        versions.forbidden(NO_WEBHOOK);
      }
    }
  }

  static boolean isEstablished(Struct definition) {
    return definition.structs("status", "conditions").stream()
        .anyMatch(
            condition ->
                condition.string("type").equals("Established")
                    && condition.string("status").equals("True"));
  }

  /// The certificates that a webhook is trusted by; if they were unsound before they may stay so.
  static void certificates(FieldValue conversion, Struct old) {
    FieldValue bundle = conversion.at("webhookClientConfig", "caBundle");
    String before = old.struct("conversion").string("webhookClientConfig", "caBundle");
    String problem = bundle.isEmpty() ? null : problem(bundle.string());
    if (problem != null && (before.isEmpty() || problem(before) == null)) {
      bundle.invalid("unable to load root certificates: " + problem);
    }
  }

  private static @Nullable String problem(String base64) {
    List<Pem.Block> blocks = Pem.blocks(base64);
    if (blocks.isEmpty()) {
      return "unable to parse bytes as PEM block";
    }
    boolean found = false;
    for (Pem.Block block : blocks) {
      if (block.type().equals("CERTIFICATE") && !block.headers()) {
        found = true;
        if (!CertificateRules.parses(block.bytes())) {
          return "failed to parse certificate: x509: malformed certificate";
        }
      }
    }
    return found ? null : "no valid certificate authority data seen";
  }
}
