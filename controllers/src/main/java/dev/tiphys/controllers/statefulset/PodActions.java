package dev.tiphys.controllers.statefulset;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.revisions.RevisionHistory;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import org.jspecify.annotations.Nullable;

/// Does what a plan says, and tells it in the set's events.
///
/// @param api in whose name
/// @param events where it is told
/// @param claims the Pods' claims
record PodActions(Api api, EventRecorder events, PodClaims claims) {

  /// The templates that Pods are made from.
  ///
  /// @param current what the update began with
  /// @param update the newest
  record Templates(StatefulSet set, Struct current, Struct update) {

    /// The revision that a Pod is made from.
    Struct revisionFor(long ordinal) {
      long updated =
          set.hasRollingUpdate()
              ? set.firstUpdated()
              : set.start() + set.status().integer("currentReplicas");
      boolean old = (set.hasRollingUpdate() || set.isRolling()) && ordinal < updated;
      return old ? current : update;
    }

    Struct podFor(long ordinal) {
      Struct revision = revisionFor(ordinal);
      return SetPods.pod(
          set, RevisionHistory.templateOf(revision), Meta.of(revision).name(), ordinal);
    }
  }

  /// Returns the Pod that was made, if one was. Throws what the server refused with.
  @Nullable Struct perform(Templates templates, Step step) {
    StatefulSet set = templates.set;
    switch (step) {
      case Step.Create(var ordinal) -> {
        return claims.isStale(set, ordinal) ? null : create(set, templates.podFor(ordinal));
      }
      case Step.Replace(var pod) -> replace(set, pod);
      case Step.Mend(var pod) -> mend(set, pod);
      case Step.Delete(var pod) -> delete(set, pod);
    }
    return null;
  }

  private Struct create(StatefulSet set, Struct pod) {
    try {
      claims.create(set, pod);
      Struct created = api.create(ApiResource.PODS, pod);
      told(set, pod, "create");
      return created;
    } catch (ApiException e) {
      // A Pod of that name is on its way out or not shown yet, or the set is about to go too.
      if (!e.is(Reason.ALREADY_EXISTS) && !PodWriter.isNamespaceEnding(e)) {
        failed(set, pod, "create", e);
      }
      throw e;
    }
  }

  private void replace(StatefulSet set, Struct pod) {
    String name = Meta.of(pod).name();
    String prefix = "StatefulSet " + set.meta().namespace() + "/" + set.meta().name();
    if (pod.string("status", "phase").equals("Failed")) {
      events.warning(
          set.object(), "RecreatingFailedPod", prefix + " is recreating failed Pod " + name);
    } else {
      events.normal(
          set.object(),
          "RecreatingTerminatedPod",
          prefix + " is recreating terminated Pod " + name);
    }
    delete(set, pod);
  }

  private void mend(StatefulSet set, Struct pod) {
    claims.mend(set, pod);
    long ordinal = set.ordinalOf(pod);
    if (!set.isWanted(ordinal)) {
      return;
    }
    claims.create(set, pod);
    Struct wanted = SetPods.identified(set, pod, ordinal);
    if (wanted.equals(pod)) {
      return;
    }
    try {
      api.update(ApiResource.PODS, wanted);
      told(set, pod, "update");
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        failed(set, pod, "update", e);
      }
      throw e;
    }
  }

  private void delete(StatefulSet set, Struct pod) {
    Meta meta = Meta.of(pod);
    try {
      api.delete(
          ApiResource.PODS, meta.namespace(), meta.name(), DeleteOptions.withUid(meta.uid()));
      told(set, pod, "delete");
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        return; // it has gone, or is another one by now
      }
      failed(set, pod, "delete", e);
      throw e;
    }
  }

  private void told(StatefulSet set, Struct pod, String verb) {
    events.normal(set.object(), reason("Successful", verb), text(set, pod, verb) + " successful");
  }

  private void failed(StatefulSet set, Struct pod, String verb, ApiException e) {
    events.warning(
        set.object(),
        reason("Failed", verb),
        text(set, pod, verb) + " failed error: " + e.message());
  }

  private static String reason(String outcome, String verb) {
    return outcome + Character.toUpperCase(verb.charAt(0)) + verb.substring(1);
  }

  private static String text(StatefulSet set, Struct pod, String verb) {
    return verb + " Pod " + Meta.of(pod).name() + " in StatefulSet " + set.meta().name();
  }
}
