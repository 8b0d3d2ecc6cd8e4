package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.MetaRules;
import org.jspecify.annotations.Nullable;

/// Admission that cannot spoil the record of owners: when plugins leave behind what is no such
/// record, the one from before is kept, and the client is warned.
///
/// @param plugins what changes and refuses objects
public record OwnersCheck(Admission plugins) implements Admission {

  private static final String NAME = "managedFields";

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    Struct admitted = plugins.mutate(request, object, old);
    Object before = object.get("metadata", NAME);
    Object after = admitted.get("metadata", NAME);
    if (after == null || after.equals(before)) {
      return admitted;
    }
    String problem = problem(admitted);
    if (problem.isEmpty()) {
      return admitted;
    }
    request
        .call()
        .warn(
            ".metadata.managedFields was in an invalid state after admission; this could be caused"
                + " by an outdated mutating admission controller; please fix your requests: "
                + problem);
    return before == null
        ? admitted.withoutAt("metadata", NAME)
        : admitted.withAt(before, "metadata", NAME);
  }

  private static String problem(Struct object) {
    FieldErrors errors = new FieldErrors();
    MetaRules.managedFields(FieldValue.top(errors, object).at("metadata", NAME));
    if (!errors.isEmpty()) {
      return errors.message();
    }
    try {
      Owners.read(object.struct("metadata"));
      return "";
    } catch (Owners.UnreadableException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    plugins.validate(request, object, old);
  }
}
