package dev.tiphys.client.controller;

import dev.tiphys.object.api.ObjectKey;

/// Brings one object's world from what is to what is wanted.
///
/// Level-triggered: it is given a key, not a change; it looks at everything anew, and is right
/// whatever it missed. It may be called at any time, any number of times, for objects that are gone
/// too; never twice at once for one key.
@FunctionalInterface
public interface Reconciler {

  Outcome reconcile(ObjectKey key) throws InterruptedException;
}
