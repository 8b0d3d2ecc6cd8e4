package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.AdmissionCompiler;
import dev.tiphys.schema.expressions.Compiled;
import dev.tiphys.schema.validation.Characters;
import dev.tiphys.schema.validation.ConditionRules;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.custom.Escaping;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// Rules for admission policies, mutating and validating.
public final class AdmissionPolicyRules {

  private static final int MOST_ANNOTATIONS = 20;
  private static final int LONGEST_ANNOTATION = 5 * 1024;
  private static final String NO_EXPRESSION = "expression is not specified";
  private static final String NOTHING =
      "validations or auditAnnotations must contain at least one item";

  private AdmissionPolicyRules() {}

  public static void validating(FieldValue policy) {
    validating(policy, true);
  }

  public static void validatingUpdate(FieldValue now, Struct before) {
    validating(now, changesConditions(now, before));
  }

  public static void mutating(FieldValue policy) {
    mutating(policy, true);
  }

  public static void mutatingUpdate(FieldValue now, Struct before) {
    mutating(now, changesConditions(now, before));
  }

  private static boolean changesConditions(FieldValue now, Struct before) {
    return !Equality.same(now.at("spec", "paramKind").value(), before.get("spec", "paramKind"))
        || !Equality.same(
            now.at("spec", "matchConditions").value(), before.get("spec", "matchConditions"));
  }

  private static void validating(FieldValue policy, boolean checksConditions) {
    FieldValue spec = policy.at("spec");
    AdmissionCompiler compiler = compiler(spec);
    common(spec, compiler, checksConditions, false);
    variables(spec, compiler);
    FieldValue validations = spec.at("validations");
    FieldValue annotations = spec.at("auditAnnotations");
    if (validations.isEmpty() && annotations.isEmpty()) {
      validations.required(NOTHING);
      annotations.required(NOTHING);
      return;
    }
    validations.items().forEach(validation -> validation(validation, compiler));
    annotations(annotations, policy.at("metadata", "name").string(), compiler);
  }

  private static void mutating(FieldValue policy, boolean checksConditions) {
    FieldValue spec = policy.at("spec");
    AdmissionCompiler compiler = compiler(spec);
    common(spec, compiler, checksConditions, true);
    variables(spec, compiler);
    FieldValue mutations = spec.at("mutations");
    mutations.mustBeSet("mutations must contain at least one item");
    mutations.items().forEach(mutation -> mutation(mutation, compiler));
    spec.at("reinvocationPolicy").mustBeSetToOneOf(List.of("IfNeeded", "Never"));
  }

  private static AdmissionCompiler compiler(FieldValue spec) {
    return AdmissionCompiler.ofPolicy(
        spec.value() instanceof Struct struct ? struct : Struct.EMPTY);
  }

  private static void common(
      FieldValue spec, AdmissionCompiler compiler, boolean checksConditions, boolean mutates) {
    spec.at("failurePolicy").mustBeSetToOneOf(AdmissionMatchRules.FAILURE_POLICIES);
    if (spec.at("paramKind").isSet()) {
      kind(spec.at("paramKind"));
    }
    FieldValue match = spec.at("matchConstraints");
    if (match.isSet()) {
      AdmissionMatchRules.resourcesOf(match);
      match.at("resourceRules").mustBeSet();
      if (mutates) {
        AdmissionMatchRules.nothingIsDeleted(match);
      }
    } else {
      match.required();
    }
    if (checksConditions) {
      AdmissionMatchRules.conditions(spec.at("matchConditions"), compiler);
    }
  }

  private static void kind(FieldValue kind) {
    FieldValue version = kind.at("apiVersion");
    if (version.mustBeSet()) {
      version(version);
    }
    FieldValue name = kind.at("kind");
    if (name.mustBeSet()) {
      List<String> problems = Formats.dns1035Label(name.string().toLowerCase(Locale.ROOT));
      if (!problems.isEmpty()) {
        name.invalid(
            "may have mixed case, but should otherwise match: " + String.join(",", problems));
      }
    }
  }

  private static void version(FieldValue value) {
    String text = value.string();
    int slash = text.indexOf('/');
    if (slash != text.lastIndexOf('/')) {
      value.invalid("unexpected GroupVersion string: " + text);
      return;
    }
    if (slash > 0) {
      value.holding(text.substring(0, slash)).mustBe(Formats.joined(Formats::dnsSubdomain));
    }
    String version = text.substring(slash + 1);
    if (version.isEmpty()) {
      value.invalid("version must be specified");
    } else {
      value.holding(version).mustBe(Formats.joined(Formats::dns1035Label));
    }
  }

  private static void variables(FieldValue spec, AdmissionCompiler compiler) {
    for (FieldValue variable : spec.at("variables").items()) {
      FieldValue name = variable.at("name");
      if (name.string().isBlank()) {
        name.required("name is not specified");
      } else if (!Characters.isIdentifier(name.string()) || Escaping.isReserved(name.string())) {
        name.invalid("must be a valid CEL identifier");
      }
      expression(variable, NO_EXPRESSION, _ -> compiler.variable(name.string()));
    }
  }

  private static void expression(
      FieldValue holder, String required, Function<String, Compiled> compile) {
    FieldValue expression = holder.at("expression");
    if (expression.string().isBlank()) {
      expression.required(required);
    } else {
      AdmissionMatchRules.compiles(expression, compile.apply(expression.string()));
    }
  }

  private static void validation(FieldValue validation, AdmissionCompiler compiler) {
    expression(validation, NO_EXPRESSION, compiler::condition);
    FieldValue telling = validation.at("messageExpression");
    if (notBlank(telling) && !telling.isEmpty()) {
      AdmissionMatchRules.compiles(telling, compiler.message(telling.string()));
    }
    FieldValue message = validation.at("message");
    String text = message.string().strip();
    if (notBlank(message) && (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0)) {
      message.invalid("must not contain line breaks");
    }
    validation.at("reason").mayBeOneOf(List.of("Forbidden", "Invalid", "RequestEntityTooLarge"));
  }

  private static boolean notBlank(FieldValue text) {
    if (!text.isEmpty() && text.string().isBlank()) {
      text.invalid("must be non-empty if specified");
      return false;
    }
    return true;
  }

  private static void annotations(
      FieldValue annotations, String policy, AdmissionCompiler compiler) {
    if (annotations.list().size() > MOST_ANNOTATIONS) {
      annotations.invalidText(
          GoText.structs(
              annotations.structs(), "io.k8s.api.admissionregistration.v1.AuditAnnotation"),
          "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
    }
    Set<Object> keys = new HashSet<>();
    for (FieldValue annotation : annotations.items()) {
      FieldValue key = annotation.at("key");
      if (policy.isEmpty()) {
        key.invalid("requires metadata.name be non-empty");
      } else {
        key.holding(policy + "/" + key.string()).mustBe(Formats::labelKey);
      }
      value(annotation.at("valueExpression"), compiler);
      key.holding(key.string()).mustBeNewIn(keys);
    }
  }

  private static void value(FieldValue expression, AdmissionCompiler compiler) {
    String text = expression.string().strip();
    if (text.isEmpty()) {
      expression.required("valueExpression is not specified");
    } else if (Formats.byteLength(text) > LONGEST_ANNOTATION) {
      expression.required("must not exceed " + LONGEST_ANNOTATION + " bytes in length");
    } else {
      AdmissionMatchRules.compiles(expression, compiler.annotation(text));
    }
  }

  private static void mutation(FieldValue mutation, AdmissionCompiler compiler) {
    FieldValue type = mutation.at("patchType");
    if (!type.mustBeSet()) {
      return;
    }
    switch (type.string()) {
      case "JSONPatch" -> patch(mutation, "jsonPatch", "applyConfiguration", compiler::patch);
      case "ApplyConfiguration" ->
          patch(mutation, "applyConfiguration", "jsonPatch", compiler::application);
      default -> type.notSupported(List.of("ApplyConfiguration", "JSONPatch"));
    }
  }

  private static void patch(
      FieldValue mutation, String field, String other, Function<String, Compiled> compile) {
    String type = mutation.at("patchType").string();
    if (mutation.at(field).isSet()) {
      expression(mutation.at(field), "", compile);
    } else {
      mutation.at(field).required("must be specified when patchType is " + type);
    }
    if (mutation.at(other).isSet()) {
      mutation
          .at(other)
          .invalid("{" + other + "}", "must not be specified when patchType is " + type);
    }
  }

  public static void status(FieldValue now, Struct before) {
    FieldValue status = now.at("status");
    for (FieldValue warning : status.at("typeChecking", "expressionWarnings").items()) {
      warning.at("warning").mustBeSet();
      if (warning.at("fieldRef").string().isBlank()) {
        warning.at("fieldRef").required();
      }
    }
    ConditionRules.conditions(status.at("conditions"));
  }
}
