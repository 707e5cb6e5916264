package pagetext

import "pst/conversation"

func Clean(texts []string) conversation.Contents {
	var c conversation.Contents
	for i, t := range texts {
		c.Pages = append(c.Pages, conversation.Page{Number: i + 1, Text: t})
	}
	return c
}

func Heading(cover string) string { return "" }
