package dev.tiphys.controllers.revisions;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The templates that an owner had, each kept as a ControllerRevision that `kubectl rollout undo`
/// can apply to the owner as a patch.
///
/// Threads: any.
public final class RevisionHistory {

  /// The longest part of the owner's name that the name of a revision begins with.
  private static final int LONGEST_PREFIX = 223;

  private static final Comparator<Struct> BY_NUMBER =
      Comparator.<Struct>comparingLong(revision -> revision.integer("revision"))
          .thenComparing(revision -> Meta.of(revision).name());

  private final Api api;
  private final Claims claims;
  private final OwnerIndex index;
  private final String hashLabel;

  /// @param owners what the owners are
  /// @param index the revisions, by their owners
  /// @param hashLabel the label in which a revision keeps the hash of its template
  public RevisionHistory(Api api, ApiResource owners, OwnerIndex index, String hashLabel) {
    this.api = api;
    this.claims = new Claims(api, owners, ApiResource.CONTROLLER_REVISIONS);
    this.index = index;
    this.hashLabel = hashLabel;
  }

  /// The revision that holds the present template, and how often another one had its hash.
  public record Present(Struct revision, long collisions) {}

  /// The revisions of an owner, the oldest first. Those that nothing manages are adopted.
  public List<Struct> of(Struct owner, LabelSelector selector) {
    return claims.of(owner, selector, index).stream().sorted(BY_NUMBER).toList();
  }

  /// The template that a revision keeps.
  public static Struct templateOf(Struct revision) {
    return revision.struct("data", "spec", "template").without("$patch");
  }

  /// Finds or makes the revision of the present template. One that had the same template before
  /// becomes the newest again.
  ///
  /// @param known the owner's revisions, the oldest first
  public Present present(Struct owner, List<Struct> known, long collisions) {
    Struct template = owner.struct("spec", "template");
    for (Struct revision : known.reversed()) {
      if (templateOf(revision).equals(template)) {
        return new Present(raised(revision, known), collisions);
      }
    }
    return create(owner, template, nextNumber(known), collisions);
  }

  private static long nextNumber(List<Struct> known) {
    return known.isEmpty() ? 1 : known.getLast().integer("revision") + 1;
  }

  private Struct raised(Struct revision, List<Struct> known) {
    if (revision == known.getLast()) {
      return revision;
    }
    return api.update(
        ApiResource.CONTROLLER_REVISIONS, revision.with("revision", nextNumber(known)));
  }

  private Present create(Struct owner, Struct template, long number, long collisions) {
    long collided = collisions;
    while (true) {
      Struct wanted = revision(Meta.of(owner), template, number, collided);
      try {
        return new Present(api.create(ApiResource.CONTROLLER_REVISIONS, wanted), collided);
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS)) {
          throw e;
        }
      }
      ObjectKey key = ObjectKey.of(wanted);
      Struct present = api.find(ApiResource.CONTROLLER_REVISIONS, key.namespace(), key.name());
      if (present != null && templateOf(present).equals(template)) {
        return new Present(present, collided);
      }
      collided++;
    }
  }

  private Struct revision(Meta owner, Struct template, long number, long collisions) {
    String hash = Templates.hash(template, collisions);
    String prefix =
        owner.name().substring(0, Math.min(owner.name().length(), LONGEST_PREFIX)) + "-";
    Struct metadata =
        new StructBuilder()
            .add("name", prefix + hash)
            .add("namespace", owner.namespace())
            .add("labels", template.struct("metadata", "labels").with(hashLabel, hash))
            .addUnlessEmpty("annotations", owner.annotations())
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", ApiResource.CONTROLLER_REVISIONS.apiVersion())
        .add("kind", ApiResource.CONTROLLER_REVISIONS.kind())
        .add("metadata", metadata)
        .add("data", Struct.of("spec", Struct.of("template", template.with("$patch", "replace"))))
        .add("revision", number)
        .build();
  }

  /// Deletes the oldest revisions beyond a number.
  ///
  /// @param known the owner's revisions, the oldest first
  /// @param live the names of those that are in use, which stay and do not count
  public void trim(List<Struct> known, Set<String> live, long limit) {
    List<Meta> unused =
        known.stream().map(Meta::of).filter(each -> !live.contains(each.name())).toList();
    long excess = Math.max(0, unused.size() - limit);
    for (Meta meta : unused.subList(0, (int) excess)) {
      try {
        api.delete(
            ApiResource.CONTROLLER_REVISIONS,
            meta.namespace(),
            meta.name(),
            DeleteOptions.withUid(meta.uid()));
      } catch (ApiException e) {
        if (!e.is(Reason.NOT_FOUND)) {
          throw e;
        }
      }
    }
  }
}
