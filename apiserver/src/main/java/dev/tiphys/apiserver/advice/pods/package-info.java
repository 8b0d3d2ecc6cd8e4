/// Advice about Pods and templates of Pods.
package dev.tiphys.apiserver.advice.pods;
