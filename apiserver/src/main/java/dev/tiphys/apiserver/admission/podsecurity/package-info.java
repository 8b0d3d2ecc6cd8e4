/// What Pods may do to their node and to others on it: the plugin PodSecurity, with a class for
/// each aspect that a level of the Pod Security Standards restricts.
package dev.tiphys.apiserver.admission.podsecurity;
