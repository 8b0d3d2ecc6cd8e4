package dev.tiphys.apiserver.admission.podsecurity;

import org.jspecify.annotations.Nullable;

/// Looks at one aspect of a Pod.
interface Check {

  /// What is forbidden of it; null if nothing is.
  @Nullable Finding find(PodParts pod);

  /// The same, but Pods for Windows, where the aspect does not exist, pass.
  default Check exceptOnWindows() {
    return pod -> pod.isForWindows() ? null : find(pod);
  }

  /// The same, but Pods pass whose users are not those of the node.
  default Check exceptWithOwnUsers() {
    return pod -> pod.hasUsersOfItsOwn() ? null : find(pod);
  }
}
