/// Who is told of what happened to objects.
///
/// For each resource one [dev.tiphys.apiserver.watch.Broadcaster] follows the store and tells all
/// its subscribers. What happened is looked at once; what a subscriber is sent is encoded once for
/// all of them. Nobody is waited for: who does not keep up is cut off.
package dev.tiphys.apiserver.watch;
