package dev.tiphys.apiserver.http.query;

import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.rules.OptionsValidation;
import dev.tiphys.schema.validation.FieldErrors;

/// The options of a request that stand in its query, as the objects that upstream makes of them,
/// and the refusal of those that break a rule.
public final class QueryOptions {

  private static final String GROUP = "meta.k8s.io";

  private QueryOptions() {}

  /// The options of a write, once they are checked.
  ///
  /// @param kind `CreateOptions` or `UpdateOptions`
  public static Struct ofWrite(Parameters parameters, String kind) {
    Struct options = write(parameters).build();
    check(kind, OptionsValidation.write(options));
    return options;
  }

  /// The options of a patch that other writes have too, once all are checked.
  ///
  /// @param applies whether the patch is one of server-side apply
  public static Struct ofPatch(Parameters parameters, boolean applies) {
    Struct options = write(parameters).build();
    Struct all =
        parameters.has("force") ? options.with("force", parameters.isTrue("force")) : options;
    check("PatchOptions", OptionsValidation.patch(all, applies));
    return options;
  }

  private static StructBuilder write(Parameters parameters) {
    return new StructBuilder()
        .addUnlessEmpty("dryRun", parameters.all("dryRun"))
        .addUnlessEmpty("fieldManager", parameters.text("fieldManager"))
        .addUnlessEmpty("fieldValidation", parameters.text("fieldValidation"));
  }

  /// @param watch whether the objects are to be watched
  public static void checkList(Parameters parameters, boolean watch) {
    parameters.number("limit", 0);
    parameters.number("timeoutSeconds", 0);
    StructBuilder options = new StructBuilder();
    for (String name : new String[] {"resourceVersion", "resourceVersionMatch", "continue"}) {
      options.addUnlessEmpty(name, parameters.text(name));
    }
    if (parameters.has("sendInitialEvents")) {
      options.add("sendInitialEvents", parameters.isTrue("sendInitialEvents"));
    }
    check("ListOptions", OptionsValidation.list(options.add("watch", watch).build()));
  }

  /// What rows of a Table hold of their objects: `Metadata`, `Object` or `None`.
  public static String includeObject(Parameters parameters) {
    String value = parameters.text("includeObject");
    return switch (value) {
      case "" -> "Metadata";
      case "Metadata", "Object", "None" -> value;
      default ->
          throw ApiException.badRequest("unrecognized includeObject value: \"" + value + "\"");
    };
  }

  /// The options of a deletion whose content has none.
  public static Struct delete(Parameters parameters) {
    StructBuilder options =
        new StructBuilder()
            .addUnlessEmpty("dryRun", parameters.all("dryRun"))
            .addUnlessEmpty("propagationPolicy", parameters.text("propagationPolicy"));
    if (parameters.has("gracePeriodSeconds")) {
      options.add("gracePeriodSeconds", parameters.number("gracePeriodSeconds", 0));
    }
    if (parameters.has("orphanDependents")) {
      options.add("orphanDependents", parameters.isTrue("orphanDependents"));
    }
    return options.build();
  }

  public static void checkDelete(Struct options) {
    check("DeleteOptions", OptionsValidation.delete(options));
  }

  private static void check(String kind, FieldErrors errors) throws ApiException {
    if (!errors.isEmpty()) {
      throw Invalid.refusal(new GroupKind(GROUP, kind), "", errors);
    }
  }
}
