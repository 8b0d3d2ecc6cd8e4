package dev.tiphys.schema.rules;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.MetaRules;
import java.util.List;

/// Tells what is wrong with the options of a request.
///
/// Options are structs of the kinds of `meta.k8s.io`, whether they came in a body or were read from
/// a query: lists are lists, numbers are numbers, truths are truths. A Status about them names the
/// kind of the options (`ListOptions`, `CreateOptions` ...) and the group `meta.k8s.io`.
///
/// Threads: any.
public final class OptionsValidation {

  private static final List<String> DRY_RUN = List.of("All");
  private static final List<String> FIELD_VALIDATIONS = List.of("", "Ignore", "Strict", "Warn");
  private static final List<String> POLICIES = List.of("Foreground", "Background", "Orphan");
  private static final List<String> POLICIES_SHOWN =
      List.of("Foreground", "Background", "Orphan", "nil");
  private static final List<String> INCLUSIONS = List.of("Metadata", "Object", "None", "");
  private static final List<String> MATCHES = List.of("Exact", "NotOlderThan", "");
  private static final String NOT_OLDER = "NotOlderThan";

  private OptionsValidation() {}

  /// The options of creating or updating an object.
  public static FieldErrors write(Struct options) {
    FieldErrors errors = new FieldErrors();
    common(FieldValue.top(errors, options));
    return errors;
  }

  /// The options of patching an object.
  ///
  /// @param applies whether the patch is one of server-side apply
  public static FieldErrors patch(Struct options, boolean applies) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = FieldValue.top(errors, options);
    if (applies) {
      value.at("fieldManager").mustBeSet("is required for apply patch");
    } else {
      value.at("force").mustNotBeSet("may not be specified for non-apply patch");
    }
    common(value);
    return errors;
  }

  private static void common(FieldValue options) {
    MetaRules.manager(options.at("fieldManager"));
    dryRun(options.at("dryRun"));
    FieldValue validation = options.at("fieldValidation");
    validation.holding(validation.string()).mustBeOneOf(FIELD_VALIDATIONS);
  }

  private static void dryRun(FieldValue dryRun) {
    if (!DRY_RUN.containsAll(dryRun.list())) {
      dryRun.notSupported(DRY_RUN);
    }
  }

  /// The options of deleting an object.
  public static FieldErrors delete(Struct options) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = FieldValue.top(errors, options);
    FieldValue policy = value.at("propagationPolicy");
    if (policy.isSet()) {
      if (value.at("orphanDependents").isSet()) {
        policy.invalid("orphanDependents and deletionPropagation cannot be both set");
      }
      if (!POLICIES.contains(policy.string())) {
        policy.notSupported(POLICIES_SHOWN);
      }
    }
    dryRun(value.at("dryRun"));
    unreadable(value);
    return errors;
  }

  /// What can't be read is deleted at once or not at all.
  private static void unreadable(FieldValue options) {
    FieldValue unread = options.at("ignoreStoreReadErrorWithClusterBreakingPotential");
    if (!unread.bool()) {
      return;
    }
    for (String other :
        List.of(
            "dryRun",
            "propagationPolicy",
            "orphanDependents",
            "gracePeriodSeconds",
            "preconditions")) {
      if (other.equals("dryRun") ? !options.at(other).isEmpty() : options.at(other).isSet()) {
        unread.invalid("cannot be set together with ." + other);
      }
    }
  }

  /// The options of listing or watching objects.
  public static FieldErrors list(Struct options) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = FieldValue.top(errors, options);
    if (value.at("watch").bool()) {
      watch(value);
    } else {
      listOnly(value);
    }
    return errors;
  }

  private static void listOnly(FieldValue options) {
    FieldValue match = options.at("resourceVersionMatch");
    FieldValue version = options.at("resourceVersion");
    if (!match.isEmpty()) {
      if (version.isEmpty()) {
        match.forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
      }
      notContinued(match, options);
      match.mustBeOneOf(MATCHES);
      if (match.is("Exact") && version.is("0")) {
        match.forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
      }
    }
    options.at("sendInitialEvents").mustNotBeSet("sendInitialEvents is forbidden for list");
  }

  private static void notContinued(FieldValue match, FieldValue options) {
    if (!options.at("continue").isEmpty()) {
      match.forbidden("resourceVersionMatch is forbidden when continue is provided");
    }
  }

  private static void watch(FieldValue options) {
    FieldValue match = options.at("resourceVersionMatch");
    boolean initial = options.at("sendInitialEvents").isSet();
    if (initial && !match.is(NOT_OLDER)) {
      match.forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (match.isEmpty()) {
      return;
    }
    if (!initial) {
      match.forbidden(
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
    match.mustBeOneOf(List.of(NOT_OLDER));
    notContinued(match, options);
  }

  /// The options of an answer in the form of a table.
  public static FieldErrors table(Struct options) {
    FieldErrors errors = new FieldErrors();
    FieldValue included = FieldValue.top(errors, options).at("includeObject");
    if (!INCLUSIONS.contains(included.string())) {
      included.invalid("must be 'Metadata', 'Object', 'None', or empty");
    }
    return errors;
  }
}
