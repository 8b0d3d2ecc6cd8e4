/// What rules of advice see: a manifest that is being written, its template of Pods, and what else
/// its namespace holds.
package dev.tiphys.apiserver.advice.manifest;
