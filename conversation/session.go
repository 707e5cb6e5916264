package conversation

type Data struct{}
