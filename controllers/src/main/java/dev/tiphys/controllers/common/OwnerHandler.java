package dev.tiphys.controllers.common;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells a controller which of its owners to look at when something happens to what they own.
///
/// @param owners the informer about the owners
/// @param apiVersion the owners' apiVersion
/// @param kind the owners' kind
/// @param selectorOf what an owner selects
/// @param enqueue told of an owner; its second argument is the state that was reacted to
public record OwnerHandler(
    Informer owners,
    String apiVersion,
    String kind,
    Function<Struct, LabelSelector> selectorOf,
    Enqueue enqueue) {

  /// Where owners are queued.
  public interface Enqueue {
    void enqueue(Struct owner, long revision);
  }

  /// A listener for the informer about what is owned.
  ///
  /// @param seen told of every object that exists and of each one that is gone, before its owner is
  public Informer.Listener listener(Consumer<Struct> seen, Consumer<Struct> gone) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        seen.accept(object);
        changed(object, true);
      }

      @Override
      public void updated(Struct before, Struct now) {
        Meta old = Meta.of(before);
        Meta meta = Meta.of(now);
        if (!old.uid().equals(meta.uid())) {
          gone.accept(before);
        }
        seen.accept(now);
        boolean moved = !Objects.equals(uidOf(old.controller()), uidOf(meta.controller()));
        if (moved) {
          tellOwner(before, meta.revision());
        }
        changed(now, moved || !old.labels().equals(meta.labels()));
      }

      @Override
      public void deleted(Struct last) {
        gone.accept(last);
        tellOwner(last, Meta.of(last).revision());
      }
    };
  }

  private static String uidOf(@Nullable Struct reference) {
    return reference == null ? "" : reference.string("uid");
  }

  private void changed(Struct object, boolean mayBeWanted) {
    Meta meta = Meta.of(object);
    if (meta.controller() != null) {
      tellOwner(object, meta.revision());
    } else if (mayBeWanted && !meta.isBeingDeleted()) {
      tellSelectors(meta);
    }
  }

  private void tellOwner(Struct object, long revision) {
    Struct owner = ownerOf(object);
    if (owner != null) {
      enqueue.enqueue(owner, revision);
    }
  }

  /// The owner that manages an object, if it is one of these and exists.
  public @Nullable Struct ownerOf(Struct object) {
    Struct reference = Meta.of(object).controller();
    if (reference == null
        || !reference.string("kind").equals(kind)
        || !group(reference.string("apiVersion")).equals(group(apiVersion))) {
      return null;
    }
    Struct owner = owners.find(Meta.of(object).namespace(), reference.string("name"));
    return owner != null && Meta.of(owner).uid().equals(reference.string("uid")) ? owner : null;
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /// Only for objects without an owner, which are few: looks at all owners of the namespace.
  private void tellSelectors(Meta object) {
    for (Struct owner : owners.list(object.namespace())) {
      LabelSelector selector = selectorOf.apply(owner);
      if (!selector.matchesEverything() && selector.matches(object.labels())) {
        enqueue.enqueue(owner, object.revision());
      }
    }
  }
}
