package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.JsonPatch;
import dev.tiphys.object.patch.MergePatch;
import dev.tiphys.object.patch.MergeRules;
import dev.tiphys.object.patch.PatchException;
import dev.tiphys.object.patch.StrategicMergePatch;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Applies patches to objects, in the version that the patch was written for.
public final class Patches {

  /// How much of what was patched a refusal shows.
  private static final int MOST_SHOWN = 4_096;

  private static final String BAD_MERGE = "Invalid JSON Patch";
  private static final Set<String> OPERATION_FIELDS = Set.of("op", "path", "from", "value");

  private Patches() {}

  /// A patch that a client sent; what is applied is [AppliedTree]'s to read.
  ///
  /// @param findings told of fields that stand twice, and of fields that operations do not have
  public static Object decode(byte[] body, PatchType type, FieldValidation.Findings findings) {
    boolean checked = type != PatchType.STRATEGIC && !findings.areIgnored();
    String context = checked ? "error decoding patch: " : "";
    List<String> duplicates = new ArrayList<>();
    Object patch;
    try {
      patch = Json.parse(body, duplicates::add);
    } catch (EncodingException e) {
      throw ApiException.badRequest(
          type == PatchType.MERGE && !checked ? BAD_MERGE : context + e.getMessage());
    }
    return switch (type) {
      case JSON -> checked ? operations(patch, duplicates, findings) : patch;
      case MERGE, STRATEGIC -> {
        duplicates.forEach(findings::duplicate);
        if (patch == Null.NULL && type == PatchType.MERGE) {
          throw ApiException.badRequest(BAD_MERGE);
        }
        if (patch == Null.NULL) {
          yield Struct.EMPTY;
        }
        if (!(patch instanceof Struct) && type == PatchType.MERGE && !checked) {
          throw unchecked(patch);
        }
        if (!(patch instanceof Struct)) {
          throw ApiException.badRequest(context + mismatch(patch, "map[string]interface {}"));
        }
        yield patch;
      }
      case APPLY -> throw new IllegalArgumentException("what is applied is no patch");
    };
  }

  /// What becomes of a merge patch that is no struct, if it is not looked at before: a list takes
  /// the place of the object, and is none.
  private static ApiException unchecked(Object patch) {
    return patch instanceof List<?>
        ? refusal(
            Json.text(patch),
            "couldn't get version/kind; json parse error: " + mismatch(patch, Decoding.TYPE_META))
        : ApiException.badRequest(BAD_MERGE);
  }

  private static Object operations(
      Object patch, List<String> duplicates, FieldValidation.Findings findings) {
    if (patch == Null.NULL) {
      return List.of();
    }
    if (!(patch instanceof List<?> operations)) {
      throw ApiException.badRequest(
          "error decoding patch: " + mismatch(patch, "[]handlers.jsonPatchOp"));
    }
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) == Null.NULL) {
        continue;
      }
      if (!(operations.get(i) instanceof Struct operation)) {
        throw ApiException.badRequest(
            "error decoding patch: " + mismatch(operations.get(i), "handlers.jsonPatchOp"));
      }
      operation(operation, "[" + i + "].", duplicates, findings);
    }
    return patch;
  }

  private static void operation(
      Struct operation, String path, List<String> duplicates, FieldValidation.Findings findings) {
    for (String field : operation.names()) {
      Object value = Objects.requireNonNull(operation.get(field));
      boolean known = OPERATION_FIELDS.contains(field);
      if (known && !field.equals("value") && !(value instanceof String) && value != Null.NULL) {
        throw ApiException.badRequest(
            "error decoding patch: json: cannot unmarshal "
                + Json.kind(value)
                + " into Go struct field jsonPatchOp."
                + field
                + " of type string");
      }
      if (!known) {
        findings.add("json patch unknown field \"" + path + field + "\"");
      }
      duplicates.stream()
          .filter(duplicate -> known && (duplicate + ".").startsWith(path + field + "."))
          .forEach(duplicate -> findings.add("json patch duplicate field \"" + duplicate + "\""));
    }
  }

  private static String mismatch(Object found, String goType) {
    return "json: cannot unmarshal " + Json.kind(found) + " into Go value of type " + goType;
  }

  /// The stored object after the patch, in the stored version.
  public static Struct apply(Call call, Endpoint endpoint, Struct stored, Patch patch) {
    Struct served = endpoint.conversion().toServed(stored);
    Struct object =
        apply(
            call,
            served,
            served == stored ? stored : Struct.EMPTY,
            patch,
            endpoint.served().groupVersion(),
            endpoint.served().kind(),
            endpoint.served().schema());
    return unversioned(
        endpoint.conversion().toStored(Defaults.apply(endpoint.served(), object)), stored);
  }

  /// An object after the patch, as one of its kind.
  public static Struct apply(
      Call call, Struct shown, Patch patch, GroupVersion groupVersion, String kind, Schema schema) {
    return apply(call, shown, Struct.EMPTY, patch, groupVersion, kind, schema);
  }

  /// @param normal what is shown, if it has its normal form; empty otherwise
  private static Struct apply(
      Call call,
      Struct shown,
      Struct normal,
      Patch patch,
      GroupVersion groupVersion,
      String kind,
      Schema schema) {
    Struct patched = apply(shown, patch, schema);
    if (patch.type() == PatchType.STRATEGIC) {
      // upstream converts the result into the type it expects, whatever it calls itself
      Struct named = patched;
      for (String field : List.of("apiVersion", "kind")) {
        Object given = patched.get(field);
        if (given == null || given == Null.NULL || given instanceof String) {
          named = named.with(field, field.equals("kind") ? kind : groupVersion.toString());
        }
      }
      return Decoding.normalized(
          call,
          named,
          normal,
          schema,
          patch.findings().copy().sorted(),
          text -> refusal(GoPrint.text(patch.content()), text),
          DecodingException::conversionText);
    }
    String problem = Decoding.kindProblem(patched, groupVersion, kind);
    if (!problem.isEmpty()) {
      throw refusal(json(patched, schema), problem);
    }
    return Decoding.normalized(
        call,
        Decoding.named(patched, groupVersion, kind),
        normal,
        schema,
        patch.findings().copy(),
        text -> refusal(json(patched, schema), text),
        e -> String.valueOf(e.getMessage()));
  }

  private static String json(Struct patched, Schema schema) {
    return new String(Json.bytes(patched, schema.order()), StandardCharsets.UTF_8);
  }

  /// The refusal of a patch that makes no object of the kind.
  ///
  /// @param shown the patch or its result, of which the beginning is shown
  public static ApiException refusal(String shown, String text) {
    String beginning =
        shown.length() <= MOST_SHOWN ? shown : shown.substring(0, MOST_SHOWN) + "...";
    FieldErrors errors = new FieldErrors();
    errors.add(
        new FieldError(FieldError.Type.INVALID, "patch", FieldError.quoted(beginning), text));
    return Invalid.refusal(new GroupKind("", ""), "", errors);
  }

  /// A patched object that is written whatever state there is, unless the patch asks for another
  /// one than it was applied to.
  public static Struct unversioned(Struct patched, Struct from) {
    String version = patched.string("metadata", "resourceVersion");
    return version.equals(from.string("metadata", "resourceVersion"))
        ? patched.withoutAt("metadata", "resourceVersion")
        : patched;
  }

  private static Struct apply(Struct target, Patch patch, Schema schema) {
    Object content = patch.content();
    try {
      return switch (patch.type()) {
        case JSON ->
            JsonPatch.apply(target, content) instanceof Struct struct ? struct : Struct.EMPTY;
        case MERGE -> MergePatch.apply(target, structOf(content));
        case STRATEGIC -> StrategicMergePatch.apply(target, structOf(content), strategic(schema));
        case APPLY ->
            throw new IllegalArgumentException("what is applied needs the owners of fields");
      };
    } catch (PatchException e) {
      throw refusal(e);
    }
  }

  private static MergeRules strategic(Schema schema) {
    MergeRules rules = schema.strategic();
    if (rules != null) {
      return rules;
    }
    throw ApiException.ofServer(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: "
            + PatchType.JSON.mediaType()
            + ", "
            + PatchType.MERGE.mediaType()
            + ", "
            + PatchType.APPLY.mediaType());
  }

  private static Struct structOf(Object tree) {
    if (tree instanceof Struct struct) {
      return struct;
    }
    throw ApiException.badRequest(mismatch(tree, "map[string]interface {}"));
  }

  private static ApiException refusal(PatchException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case MALFORMED -> ApiException.badRequest(message);
      case TOO_LARGE ->
          ApiException.of(Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: " + message);
      case DOES_NOT_APPLY -> // upstream says no more than this, and kubectl shows it as it is
          ApiException.ofServer(
              Reason.INVALID, "the server rejected our request due to an error in our request");
    };
  }
}
