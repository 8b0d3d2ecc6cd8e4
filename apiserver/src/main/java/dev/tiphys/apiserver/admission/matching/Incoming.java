package dev.tiphys.apiserver.admission.matching;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as webhooks and policies look at it: in each version that one of them asks for, made
/// once. Those that change the object change it in the version that they see, which the next one
/// gets in its own.
///
/// Threads: one.
public final class Incoming {

  private static final List<String> OPTIONS =
      List.of("CreateOptions", "UpdateOptions", "DeleteOptions", "");

  private final Admission.Request request;
  private final Lookup lookup;
  private final Form stored;
  private final Form asked;
  private final @Nullable Struct old;
  private final Forms forms;
  private final Map<Form, Struct> olds = new HashMap<>();
  private final Map<Form, Struct> objects = new HashMap<>();
  private @Nullable List<Form> equivalents;
  private @Nullable Struct namespace;
  private @Nullable Struct object;
  private Form form;

  /// @param object as admission has it: empty for a deletion
  /// @param old as admission has it
  public Incoming(
      Admission.Request request, Struct object, @Nullable Struct old, Lookup lookup, Forms forms) {
    this.request = request;
    this.lookup = lookup;
    this.forms = forms;
    this.stored = Form.of(request.resource(), request.subresource());
    this.asked = Form.of(request.served(), request.subresource());
    this.object = request.operation() == Operation.DELETE ? null : object;
    this.old = old;
    this.form = stored;
  }

  public Admission.Request request() {
    return request;
  }

  /// The version that the client speaks.
  public Form asked() {
    return asked;
  }

  /// The other versions in which the request can be had.
  List<Form> equivalents() {
    if (equivalents == null) {
      List<Form> found = new ArrayList<>();
      String below = request.subresource();
      forms.equivalents(request.served()).stream()
          .filter(each -> below.isEmpty() || each.subresource(below) != null)
          .map(each -> Form.of(each, below))
          .filter(each -> !each.equals(asked))
          .forEach(found::add);
      equivalents = found;
    }
    return equivalents;
  }

  /// Whether it is about a Namespace, which counts as being in itself once it exists.
  boolean isOnNamespace() {
    return request.resource().plural().equals("namespaces") && request.resource().group().isEmpty();
  }

  /// The namespace of the request; empty if it has none.
  public String namespace() {
    return isOnNamespace() && request.operation() != Operation.CREATE
        ? request.name()
        : request.namespace();
  }

  /// The object of the namespace that the request is in; null if it is in none.
  ///
  /// @throws ApiException `NOT_FOUND` if there is no such namespace
  public @Nullable Struct namespaceObject() {
    if (namespace == null && !isOnNamespace() && !request.namespace().isEmpty()) {
      namespace = findNamespace(request.namespace());
    }
    return namespace;
  }

  private Struct findNamespace(String name) {
    Struct found = lookup.find("", "namespaces", "", name);
    if (found == null) {
      throw ApiException.notFound("namespaces", name);
    }
    return found;
  }

  /// The labels that selectors of namespaces are held to.
  Struct namespaceLabels() {
    boolean itself =
        isOnNamespace()
            && request.subresource().isEmpty()
            && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE);
    Struct current = object;
    Struct found = itself && current != null ? current : findNamespace(namespace());
    return found.struct("metadata", "labels");
  }

  /// The object as it is now, in any version; null if there is none.
  @Nullable Struct anyObject() {
    return object;
  }

  /// The object as it was, in any version; null if it was not.
  @Nullable Struct anyOld() {
    return old;
  }

  /// The object in a version; null if there is none.
  public @Nullable Struct object(Form wanted) {
    Struct current = object;
    return current == null
        ? null
        : objects.computeIfAbsent(wanted, to -> to.named(converted(current, form, to)));
  }

  /// The object as it was, in a version; null if it was not.
  public @Nullable Struct old(Form wanted) {
    return old == null
        ? null
        : olds.computeIfAbsent(wanted, to -> to.named(converted(old, stored, to)));
  }

  private Struct converted(Struct it, Form from, Form to) {
    return from.isOwn() && to.isOwn() ? forms.convert(it, from.resource(), to.resource()) : it;
  }

  /// Puts another object in place of the present one.
  ///
  /// @param changed in the version `in`
  /// @return whether it is another
  /// @throws dev.tiphys.schema.DecodingException if a value is of the wrong type
  public boolean replace(Struct changed, Form in) {
    Struct before = object(in);
    Struct next = in.completed(changed);
    object = next;
    form = in;
    objects.clear();
    return !next.equals(before);
  }

  /// The object as it is now, in the version that is stored.
  public Struct result() {
    Struct current = object;
    return current == null ? Struct.EMPTY : converted(current, form, stored);
  }

  /// What is asked for, as an `AdmissionReview` tells it, without the objects.
  ///
  /// @param in the version in which it is told
  public StructBuilder told(Form in) {
    return new StructBuilder()
        .add("kind", in.kindTree())
        .add("resource", in.resourceTree())
        .addUnlessEmpty("subResource", request.subresource())
        .add("requestKind", asked.kindTree())
        .add("requestResource", asked.resourceTree())
        .addUnlessEmpty("requestSubResource", request.subresource())
        .addUnlessEmpty("name", request.name())
        .addUnlessEmpty("namespace", namespace())
        .add("operation", request.operation().name())
        .add("userInfo", user(request.call().user()));
  }

  /// What follows the objects in an `AdmissionReview`.
  public StructBuilder toldAfter() {
    return new StructBuilder().add("dryRun", request.call().dryRun()).add("options", options());
  }

  private static Struct user(UserInfo user) {
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    return new StructBuilder()
        .addUnlessEmpty("username", user.name())
        .addUnlessEmpty("uid", user.uid())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build())
        .build();
  }

  private Object options() {
    String kind = OPTIONS.get(request.operation().ordinal());
    return kind.isEmpty()
        ? Null.NULL
        : new StructBuilder()
            .add("kind", kind)
            .add("apiVersion", "meta.k8s.io/v1")
            .addAll(request.call().options())
            .build();
  }
}
