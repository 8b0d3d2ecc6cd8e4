/// What is wrong with a Rollout, in the words that users of Argo Rollouts know.
package dev.tiphys.delivery.validation;
