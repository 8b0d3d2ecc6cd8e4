package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `serviceaccounts/token`: a new token for a service account, which ends by itself after a while
/// and with the object that it is bound to.
public final class TokenRequests implements Subresource {

  private static final GroupVersion VERSION = new GroupVersion("authentication.k8s.io", "v1");
  private static final GroupKind KIND = new GroupKind(VERSION.group(), "TokenRequest");
  private static final Type TYPE =
      TypeTable.BUILT_IN.type("io.k8s.api.authentication.v1.TokenRequest");
  private static final Set<String> BINDABLE = Set.of("Pod", "Secret", "Node");

  /// The life that kubelets ask for in the name of Pods: it is to be replaced after that, ...
  private static final long REPLACED_AFTER = 3_607;

  /// ... and lives this long.
  private static final Duration EXTENDED = Duration.ofDays(365);

  private final World world;
  private final TokenSettings settings;
  private final Lookup lookup;

  public TokenRequests(World world, TokenSettings settings, Lookup lookup) {
    this.world = world;
    this.settings = settings;
    this.lookup = lookup;
  }

  @Override
  public Struct create(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    Admission.Request asked = target.admission(call, Admission.Operation.CREATE);
    Admission admission = target.endpoint().registry().admission(call);
    Struct request =
        admission.mutate(
            asked, Decoding.ofKind(call, tree, VERSION, KIND.kind(), TYPE, findings), null);
    checkNames(request, target);
    Struct account = require("serviceaccounts", target.namespace(), target.name());
    Struct spec = request.struct("spec");
    if (spec.strings("audiences").isEmpty()) {
      spec = spec.with("audiences", settings.audiences());
    }
    Instant now = world.now();
    Struct complete =
        request
            .with("spec", spec)
            .without("status")
            .withAt(target.name(), "metadata", "name")
            .withAt(target.namespace(), "metadata", "namespace")
            .withAt(Timestamps.seconds(now), "metadata", "creationTimestamp");
    refuse(Validation.request(TYPE, complete), "");
    admission.validate(asked, complete, null);
    Map<String, Struct> bound = bound(target, spec.struct("boundObjectRef"));
    long life = life(call, spec);
    boolean lasting = lasts(spec, life, bound);
    Claims claims =
        Claims.of(
            settings.issuers().getFirst(),
            spec.strings("audiences"),
            account,
            bound,
            now.getEpochSecond(),
            lasting ? EXTENDED.toSeconds() : life,
            lasting ? life : 0,
            ObjectNames.uid(world.random()));
    Struct status =
        new StructBuilder()
            .add("token", settings.signer().sign(Json.bytes(claims.tree())))
            .add("expirationTimestamp", Timestamps.seconds(now.plusSeconds(life)))
            .build();
    return complete.withAt(life, "spec", "expirationSeconds").with("status", status);
  }

  private static void checkNames(Struct request, Target target) {
    FieldErrors errors = new FieldErrors();
    FieldValue metadata = FieldValue.top(errors, request).at("metadata");
    checkName(metadata.at("name"), target.name());
    if (errors.isEmpty()) {
      checkName(metadata.at("namespace"), target.namespace());
    }
    refuse(errors, target.name());
  }

  private static void checkName(FieldValue field, String expected) {
    if (!field.string().isEmpty() && !field.is(expected)) {
      field.invalid("must match the service account " + field.name() + " if specified");
    }
  }

  private static void refuse(FieldErrors errors, String name) {
    if (!errors.isEmpty()) {
      throw Invalid.refusal(KIND, name, errors);
    }
  }

  private Struct require(String plural, String namespace, String name) {
    Struct found = lookup.find("", plural, namespace, name);
    if (found == null) {
      throw ApiException.notFound(plural, name);
    }
    return found;
  }

  /// The objects that the token is bound to, by what claims call them.
  private Map<String, Struct> bound(Target target, Struct reference) {
    if (reference.isEmpty()) {
      return Map.of();
    }
    String kind = reference.string("kind");
    GroupVersion version = GroupVersion.parse(reference.string("apiVersion"));
    if (!version.group().isEmpty() || !BINDABLE.contains(kind)) {
      throw ApiException.badRequest(
          "cannot bind token to object of type "
              + (version.group().isEmpty() ? "" : version.group())
              + "/"
              + version.version()
              + ", Kind="
              + kind);
    }
    String name = reference.string("name");
    Map<String, Struct> bound = new HashMap<>();
    Struct object =
        switch (kind) {
          case "Pod" -> boundPod(target, name, bound);
          case "Secret" -> require("secrets", target.namespace(), name);
          default -> require("nodes", "", name);
        };
    bound.put(kind.toLowerCase(Locale.ROOT), object);
    String wanted = reference.string("uid");
    if (!wanted.isEmpty() && !wanted.equals(object.string("metadata", "uid"))) {
      throw ApiException.conflict(
          kind,
          name,
          "the UID in the bound object reference ("
              + wanted
              + ") does not match the UID in record. The object might have been deleted and then"
              + " recreated");
    }
    return bound;
  }

  private Struct boundPod(Target target, String name, Map<String, Struct> bound) {
    Struct pod = require("pods", target.namespace(), name);
    if (!pod.string("spec", "serviceAccountName").equals(target.name())) {
      throw ApiException.badRequest(
          "cannot bind token for serviceaccount \""
              + target.name()
              + "\" to pod running with different serviceaccount name.");
    }
    String node = pod.string("spec", "nodeName");
    if (!node.isEmpty()) {
      Struct found = lookup.find("", "nodes", "", node);
      bound.put("node", found == null ? Struct.of("metadata", Struct.of("name", node)) : found);
    }
    return pod;
  }

  /// How long the token is to live, in seconds.
  private long life(Call call, Struct spec) {
    long wanted = spec.integer("expirationSeconds");
    long longest = settings.longestLife().toSeconds();
    if (longest == 0 || wanted <= longest) {
      return wanted;
    }
    call.warn(
        "requested expiration of " + wanted + " seconds shortened to " + longest + " seconds");
    return longest;
  }

  /// Whether the token lives longer than it says.
  private boolean lasts(Struct spec, long life, Map<String, Struct> bound) {
    return settings.extended()
        && life == REPLACED_AFTER
        && bound.containsKey("pod")
        && settings.audiences().containsAll(spec.strings("audiences"));
  }
}
