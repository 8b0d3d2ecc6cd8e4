package dev.tiphys.controllers.statefulset;

import dev.tiphys.object.Struct;

/// Something that is done for one Pod.
sealed interface Step {

  /// A Pod that is missing is made.
  record Create(long ordinal) implements Step {}

  /// A Pod that has ended is deleted, so that there can be a new one.
  record Replace(Struct pod) implements Step {}

  /// A Pod gets the labels of its ordinal, and the claims that it lacks; its claims get the owners
  /// that the retention policy wants.
  record Mend(Struct pod) implements Step {}

  /// A Pod is deleted, since there is no place for it or its template is no longer the wanted one.
  record Delete(Struct pod) implements Step {}
}
