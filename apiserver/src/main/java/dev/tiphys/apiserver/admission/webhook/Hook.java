package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.expression.Conditions;
import dev.tiphys.apiserver.admission.matching.Matcher;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.AdmissionCompiler;
import java.time.Duration;
import java.util.List;

/// A webhook of a configuration, ready to be asked.
///
/// @param configuration the name of the configuration that has it
/// @param place which of the configuration's webhooks it is
/// @param name its own
/// @param spec as the configuration has it
/// @param matcher which requests it is about
/// @param conditions under which it is
record Hook(
    String configuration,
    int place,
    String name,
    Struct spec,
    Matcher matcher,
    Conditions conditions) {

  private static final long USUAL_SECONDS = 10;
  private static final List<String> VERSIONS = List.of("v1", "v1beta1");
  private static final List<String> HARMLESS = List.of("None", "NoneOnDryRun");

  static Hook of(String configuration, int place, Struct spec) {
    boolean conditional = !spec.structs("matchConditions").isEmpty();
    return new Hook(
        configuration,
        place,
        spec.string("name"),
        spec,
        Matcher.ofWebhook(spec),
        conditional ? Conditions.of(spec, AdmissionCompiler.ofWebhooks()) : Conditions.NONE);
  }

  /// What tells it from all others, as long as its configuration stays as it is.
  String id() {
    return configuration + "/" + name + "/" + place;
  }

  boolean ignoresFailures() {
    return spec.string("failurePolicy").equals("Ignore");
  }

  boolean isReinvoked() {
    return spec.string("reinvocationPolicy").equals("IfNeeded");
  }

  /// Whether it can be asked about a dry run.
  boolean isHarmlessOnDryRun() {
    return HARMLESS.contains(spec.string("sideEffects"));
  }

  Duration limit() {
    long seconds = spec.integer("timeoutSeconds");
    return Duration.ofSeconds(seconds == 0 ? USUAL_SECONDS : seconds);
  }

  /// The version of the review that it is sent; empty if it takes none that is known.
  String reviewVersion() {
    return spec.strings("admissionReviewVersions").stream()
        .filter(VERSIONS::contains)
        .findFirst()
        .orElse("");
  }
}
