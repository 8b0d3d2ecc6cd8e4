/// What several controllers share: the part they play in the process, the informers and indices
/// they read, and the small rules about Pods and owners that all of them follow.
package dev.tiphys.controllers.common;
