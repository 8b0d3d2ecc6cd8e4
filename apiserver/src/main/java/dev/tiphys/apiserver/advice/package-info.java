/// Tells writers of manifests what will not do what it says.
package dev.tiphys.apiserver.advice;
