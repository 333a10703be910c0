package key

import "testing"

func TestSuccessorMark(t *testing.T) {
	t.Parallel()
	const fingerprint = "0123456789abcdef"
	if mark := MarkSuccessor("", fingerprint); mark != "(after 0123456789abcdef)" { // Clarifai may trim it
		t.Errorf("%q", mark)
	}
	for _, description := range []string{"", "web", " web ", " ", "web (after lunch)", MarkSuccessor("web", "fedcba9876543210"), "two\nlines"} {
		text, after := CutSuccessorMark(MarkSuccessor(description, fingerprint))
		if text != description || after != fingerprint {
			t.Errorf("%q: got %q after %q", description, text, after)
		}
	}
	for _, description := range []string{"", "web", "web (after lunch)", "web (after 0123456789ABCDEF)", "web (after 0123456789abcde)", " (after 0123456789abcdef", "web(after 0123456789abcdef)"} {
		if text, after := CutSuccessorMark(description); text != description || after != "" {
			t.Errorf("%q has no mark: got %q after %q", description, text, after)
		}
	}
}
